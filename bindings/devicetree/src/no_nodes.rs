nodes! { clocks [] edges [] strobes [] }
