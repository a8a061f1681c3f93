# SPDX-License-Identifier: Apache-2.0
#
# native_sim only: time jumps to the next time-out.

target_sources(native_simulator INTERFACE ${CMAKE_CURRENT_LIST_DIR}/skip_ticks.c)
target_link_options(native_simulator INTERFACE
  -Wl,--wrap=hwtimer_enable
  -Wl,--wrap=hwtimer_set_silent_ticks
)
