//! The kernel's console, which is stdout here.

use core::fmt::Arguments;

/// Prints to the console, without a newline.
#[macro_export]
macro_rules! printk {
    ($($arg:tt)*) => {{
        $crate::printk::printk(format_args!($($arg)*));
    }};
}

/// Prints to the console, with a newline.
#[macro_export]
macro_rules! printkln {
    ($($arg:tt)*) => {{
        $crate::printk::printkln(format_args!($($arg)*));
    }};
}

#[doc(hidden)]
pub fn printk(args: Arguments<'_>) {
    print!("{args}");
}

#[doc(hidden)]
pub fn printkln(args: Arguments<'_>) {
    println!("{args}");
}
