/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Tests of the commands, on a PC: it exits with the number of what failed.
 */

#include "../src/command.h"

#include <stdbool.h>
#include <string.h>

static struct command_line line;
static uint32_t number;
static int failed;

static void expect(bool holds)
{
	failed += !holds;
}

/* What the last byte of a text gives; the others must give nothing. */
static enum command add(const char *text)
{
	enum command command = COMMAND_NONE;

	for (; *text != '\0'; text++) {
		expect(command == COMMAND_NONE);
		command = command_add(&line, *text, &number);
	}
	return command;
}

static void test_commands(void)
{
	expect(add("stats\n") == COMMAND_STATS);
	expect(add("stop\n") == COMMAND_STOP);
	expect(add("threshold 4\n") == COMMAND_THRESHOLD && number == 4);
	/* In pieces. */
	expect(add("thresh") == COMMAND_NONE);
	expect(add("old 12") == COMMAND_NONE);
	expect(add("8\n") == COMMAND_THRESHOLD && number == 128);
}

static void test_numbers(void)
{
	expect(add("threshold 0\n") == COMMAND_THRESHOLD && number == 0);
	expect(add("threshold 4294967295\n") == COMMAND_THRESHOLD && number == UINT32_MAX);
	expect(add("threshold 0000000007\n") == COMMAND_THRESHOLD && number == 7);
	/* What is no number leaves it as it was. */
	expect(add("threshold 4294967296\n") == COMMAND_UNKNOWN);
	expect(add("threshold 9999999999\n") == COMMAND_UNKNOWN);
	expect(add("threshold 18446744073709551617\n") == COMMAND_UNKNOWN);
	expect(add("threshold -1\n") == COMMAND_UNKNOWN);
	expect(add("threshold 4x\n") == COMMAND_UNKNOWN);
	expect(add("threshold  4\n") == COMMAND_UNKNOWN);
	expect(add("threshold \n") == COMMAND_UNKNOWN);
	expect(add("threshold\n") == COMMAND_UNKNOWN);
	expect(number == 7);
}

static void test_other_lines(void)
{
	expect(add("statss\n") == COMMAND_UNKNOWN);
	expect(strcmp(line.text, "statss") == 0);
	expect(add("\n") == COMMAND_UNKNOWN);
	expect(strcmp(line.text, "") == 0);
	/* A zero ends no text. */
	add("stop");
	expect(command_add(&line, '\0', &number) == COMMAND_NONE);
	expect(add("\n") == COMMAND_UNKNOWN);
	expect(strcmp(line.text, "stop?") == 0);
}

static void test_long_lines(void)
{
	/* Text has room for 31 bytes. A longer line is cut off, and is no command. */
	for (size_t length = 30; length < 70; length++) {
		size_t kept = length < 31 ? length : 31;

		for (size_t i = 0; i < length; i++) {
			expect(command_add(&line, 'x', &number) == COMMAND_NONE);
		}
		expect(command_add(&line, '\n', &number) == COMMAND_UNKNOWN);
		expect(strspn(line.text, "x") == kept && line.text[kept] == '\0');
	}
	expect(add("stats\n") == COMMAND_STATS);
}

int main(void)
{
	test_commands();
	test_numbers();
	test_other_lines();
	test_long_lines();
	return failed;
}
