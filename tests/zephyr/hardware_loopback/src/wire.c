/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The wire between the two pins, a timer that drives it, and the cases of lib.rs under their names. A
 * failing case panics: that ends the run and names the file and the line.
 */

#include <zephyr/drivers/gpio.h>
#include <zephyr/drivers/gpio/gpio_emul.h>
#include <zephyr/ztest.h>

/* The wire joins the last two lines of the application's capture, see boards/README.md. */
#define CAPTURE DT_NODELABEL(capture)
#define IN      UTIL_DEC(DT_PROP_LEN(CAPTURE, gpios))
#define OUT     UTIL_DEC(IN)

#define PIN(index, flags)                                                                          \
	{                                                                                          \
		.port = DEVICE_DT_GET(DT_GPIO_CTLR_BY_IDX(CAPTURE, gpios, index)),                 \
		.pin = DT_GPIO_PIN_BY_IDX(CAPTURE, gpios, index),                                  \
		.dt_flags = flags,                                                                 \
	}

/* The pin that is driven. */
static const struct gpio_dt_spec out = PIN(OUT, 0);

/* The pin that the cases capture, pulled down: without the wire it is still, and a case can say so. */
const struct gpio_dt_spec loopback_in = PIN(IN, GPIO_PULL_DOWN);

/* Time between two edges, unless a case says otherwise. */
const uint32_t loopback_period_us = CONFIG_LOOPBACK_PERIOD_US;

/* Edges that the timer still has to make. */
static atomic_t edges_left;

static void drive(bool high)
{
	(void)gpio_pin_set_dt(&out, high);
#ifdef CONFIG_LOOPBACK_SOFTWARE_WIRE
	/* The wire has the real level of the output pin. */
	(void)gpio_emul_input_set(loopback_in.port, loopback_in.pin,
				  gpio_emul_output_get(out.port, out.pin));
#endif
}

/* In an interrupt, so that with the software wire the capture's handler runs in one too. */
static void next_edge(struct k_timer *timer)
{
	atomic_val_t left = atomic_dec(&edges_left);

	drive(left % 2 == 0);
	if (left == 1) {
		k_timer_stop(timer);
	}
}

static K_TIMER_DEFINE(train, next_edge, NULL);

/* Starts driving `edges` edges, an even number, the first rising, one in each period. */
void loopback_start(uint32_t edges, uint32_t period_us)
{
	__ASSERT(edges % 2 == 0, "the train would not end low");
	atomic_set(&edges_left, edges);
	k_timer_start(&train, K_USEC(period_us), K_USEC(period_us));
}

/* Whether the last edge has been driven. */
bool loopback_is_over(void)
{
	return atomic_get(&edges_left) == 0;
}

static void *look_for_the_wire(void)
{
	zassert_ok(gpio_pin_configure_dt(&out, GPIO_OUTPUT_INACTIVE));
	zassert_ok(gpio_pin_configure_dt(&loopback_in, GPIO_INPUT));
	for (int level = 1; level >= 0; level--) {
		drive(level);
		k_usleep(loopback_period_us);
		zassert_equal(gpio_pin_get_dt(&loopback_in), level,
			      "no wire: pin %u of %s does not follow pin %u of %s", loopback_in.pin,
			      loopback_in.port->name, out.pin, out.port->name);
	}
	return NULL;
}

ZTEST_SUITE(hardware_loopback, NULL, look_for_the_wire, NULL, NULL, NULL);

#define CASE(name)                                                                                 \
	extern void loopback_##name(void);                                                         \
	ZTEST(hardware_loopback, test_##name)                                                      \
	{                                                                                          \
		loopback_##name();                                                                 \
	}

CASE(a_full_buffer_wakes_the_reader)
CASE(every_edge_comes_in_order)
CASE(edges_that_do_not_fit_are_counted)
CASE(times_are_those_of_the_edges)
CASE(the_deadline_brings_the_tail)
CASE(an_active_low_line_is_inverted)
CASE(a_closed_capture_hears_nothing)
