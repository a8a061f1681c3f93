#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| edgepipe_checks::sump::check(data));
