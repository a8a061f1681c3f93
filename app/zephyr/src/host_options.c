/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * native_sim's runner: the command line options of the application. Their values go unchanged to
 * the host's library, which interprets them and reports errors.
 */

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "edgepipe_host.h"
#include "nsi_cmdline.h"
#include "nsi_main.h"
#include "nsi_tasks.h"
#include "nsi_utils.h"

/* The arguments as they were given, in the form of the host program's: --option=value. */
static const char *arguments[1 + 17] = {"zephyr.exe"};
static int argument_count = 1;

static void keep(char *argument, int offset)
{
	(void)offset;
	if (argument_count < (int)(sizeof(arguments) / sizeof(arguments[0]))) {
		arguments[argument_count++] = argument;
	}
}

static void add_options(void)
{
	static struct args_struct_t options[] = {
		{.option = "stimulus", .name = "file", .type = 's', .call_when_found = keep,
		 .descript = "recording to replay, VCD or .sr, one line for each wire; - is standard input"},
		{.option = "wires", .name = "names", .type = 's', .call_when_found = keep,
		 .descript = "which wires to replay, in this order: A,NEW=OLD,D*"},
		{.option = "list", .is_switch = true, .call_when_found = keep,
		 .descript = "print the wires of the recording, and end"},
		{.option = "stretch", .name = "times", .type = 's', .call_when_found = keep,
		 .descript = "how many times slower to play, or auto: until the clock can tell all times apart"},
		{.option = "capture", .name = "file", .type = 's', .call_when_found = keep,
		 .descript = "where to write the captured edges, as VCD"},
		{.option = "report", .name = "file", .type = 's', .call_when_found = keep,
		 .descript = "where to write a page to look at, as HTML"},
		{.option = "plot", .name = "when", .type = 's', .call_when_found = keep,
		 .descript = "whether to print a waveform of each line: auto, always or never"},
		{.option = "ready", .name = "records", .type = 's', .call_when_found = keep,
		 .descript = "when to wake the reader: full, or a number of records"},
		{.option = "capacity", .name = "records", .type = 's', .call_when_found = keep,
		 .descript = "how many records make the buffer full"},
		{.option = "headroom", .name = "records", .type = 's', .call_when_found = keep,
		 .descript = "room for records that arrive until the woken reader runs"},
		{.option = "deliver", .name = "way", .type = 's', .call_when_found = keep,
		 .descript = "how records get to the reader: pipe or direct"},
		{.option = "overflow", .name = "what", .type = 's', .call_when_found = keep,
		 .descript = "what is lost when there is no room: drop-newest or freeze"},
		{.option = "flush-after", .name = "time", .type = 's', .call_when_found = keep,
		 .descript = "wake the reader also when the oldest record has waited this long, such as 5ms"},
		{.option = "idle-after", .name = "time", .type = 's', .call_when_found = keep,
		 .descript = "wake the reader also when records are pending and no edge came for this long, such as 5ms"},
		{.option = "debounce", .name = "time", .type = 's', .call_when_found = keep,
		 .descript = "capture a level only when it has been stable this long, such as 5ms"},
		{.option = "trigger", .name = "edges", .type = 's', .call_when_found = keep,
		 .descript = "which edges to capture: both, rising or falling"},
		{.option = "allow-loss", .is_switch = true, .call_when_found = keep,
		 .descript = "exit with status 0 even if edges were lost"},
		{.option = "json", .is_switch = true, .call_when_found = keep,
		 .descript = "print the summary as JSON, and nothing else"},
		ARG_TABLE_ENDMARKER,
	};

	nsi_add_command_line_opts(options);
}

static void open_session(void)
{
	int status = edgepipe_host_open(argument_count, arguments);

	if (status != 0) {
		nsi_exit(status < 0 ? 0 : status);
	}
}

NSI_TASK(add_options, PRE_BOOT_1, 10);
NSI_TASK(open_session, PRE_BOOT_2, 10);
NSI_TASK(edgepipe_host_discard, ON_EXIT_POST, 10);
