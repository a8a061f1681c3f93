/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Calls with what the thread was not granted, or what is no capture.
 */

#include "support.h"

ZTEST_SUITE(objects, NULL, NULL, before_each, after_each, NULL);

ENDS(objects, no_device, NULL)
{
	said = edgepipe_ready(NULL);
}

ENDS(objects, a_capture_that_it_was_not_granted, SECRET)
{
	said = edgepipe_ready(a);
}

ENDS(objects, read_a_capture_that_it_was_not_granted, SECRET)
{
	said = edgepipe_read(a, shared, sizeof(shared), K_NO_WAIT);
}

ENDS(objects, a_copy_of_a_device, NULL)
{
	struct device copy = *PULSES;

	said = edgepipe_ready(&copy);
}

static void foreign(void *a, void *b, void *c)
{
	k_msleep(1);
	said = edgepipe_ready(a);
}

ZTEST(objects, test_a_device_of_another_class_that_it_was_granted)
{
	start(foreign, (void *)PORT);
	k_object_access_grant(PORT, &user);
	zassert_true(ended_by_fault());
}

ENDS(objects, a_thread_for_a_device, k_current_get())
{
	said = edgepipe_ready((const struct device *)k_current_get());
}

ENDS(objects, open_without_the_right, NULL)
{
	said = edgepipe_open(PULSES);
}

ENDS(objects, close_without_the_right, NULL)
{
	said = edgepipe_close(PULSES);
}

/* The right alone is not enough. */
static void closes_secret(void *a, void *b, void *c)
{
	k_msleep(1);
	said = edgepipe_close(SECRET);
}

ZTEST(objects, test_close_with_the_right_but_without_the_capture)
{
	start(closes_secret, NULL);
	k_object_access_grant(edgepipe_control(SECRET), &user);
	zassert_true(ended_by_fault());
	zassert_equal(edgepipe_ready(SECRET), 0, "it is open");
}

ENDS(objects, one_of_several_that_it_was_not_granted, NULL)
{
	const struct device *devs[] = {PULSES, SECRET, PULSES};

	said = edgepipe_wait_any(devs, (int *)shared, ARRAY_SIZE(devs), K_NO_WAIT);
}

ENDS(objects, one_of_several_that_is_a_copy, NULL)
{
	struct device copy = *PULSES;
	const struct device *devs[] = {PULSES, &copy};

	said = edgepipe_wait_any(devs, (int *)shared, ARRAY_SIZE(devs), K_NO_WAIT);
}

ENDS(objects, a_function_that_is_no_system_call, NULL)
{
	said = edgepipe_pause(PULSES);
}

ENDS(objects, another_function_that_is_no_system_call, NULL)
{
	said = edgepipe_flush(PULSES);
}

ENDS(objects, look_at_a_semaphore_that_it_was_not_granted, NULL)
{
	said = k_sem_count_get(edgepipe_ready_sem(PULSES));
}

ENDS(objects, take_a_semaphore_of_its_own_making, NULL)
{
	struct k_sem forged = {0};

	said = k_sem_take(&forged, K_NO_WAIT);
}

/* header.cpp */
size_t capacity_in_cplusplus(const struct device *dev);

ZTEST(objects, test_the_header_in_cplusplus)
{
	zassert_equal(capacity_in_cplusplus(PULSES), 64);
	zassert_equal(capacity_in_cplusplus(PORT), 0);
}
