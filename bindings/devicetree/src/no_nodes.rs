nodes! { clocks [] edges [] strobes [] probe [] }
