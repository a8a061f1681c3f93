nodes! { edges [] strobes [] }
