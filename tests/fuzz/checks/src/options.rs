//! Command lines: any arguments are options or one clear error, the same in both programs.

use std::{
    ffi::{CString, OsStr, c_char},
    os::unix::ffi::OsStrExt,
    time::Duration,
};

use edgepipe_host::{
    CAPACITY_MAX, Deliver, Error, Options, Overflow, Ready, Trigger,
    ffi::{HostConfig, edgepipe_host_config, edgepipe_host_discard, edgepipe_host_open},
};

/// Checks the result for the arguments in `data`, each of which ends with a zero byte, as in the
/// memory of a process. Prints error messages, like the programs.
pub fn check(data: &[u8]) {
    let arguments = arguments(data);
    if let Err(error) = parse(&arguments) {
        let status = match error.exit_status() {
            0 => -1,
            status => status.into(),
        };
        assert_eq!(open(&arguments), status, "{error}");
        assert_eq!(config(), HostConfig::default(), "{error}");
    }
    check_quietly(data);
}

/// The same without the C interface, which prints messages.
pub fn check_quietly(data: &[u8]) {
    let arguments = arguments(data);
    match parse(&arguments) {
        Ok(options) => check_options(&options, &arguments),
        Err(error) => check_error(&error),
    }
}

fn arguments(data: &[u8]) -> Vec<CString> {
    let data = data.strip_suffix(b"\0").unwrap_or(data);
    let mut arguments = vec![c"edgepipe".to_owned()];
    if !data.is_empty() {
        let given = data.split(|&byte| byte == 0);
        arguments.extend(given.map(|argument| CString::new(argument).expect("split at zeros")));
    }
    arguments
}

fn parse(arguments: &[CString]) -> Result<Options, Error> {
    Options::try_parse_from(
        arguments
            .iter()
            .map(|text| OsStr::from_bytes(text.to_bytes())),
    )
}

fn check_options(options: &Options, arguments: &[CString]) {
    assert!(
        (1..=CAPACITY_MAX).contains(&options.capacity),
        "{options:?}"
    );
    assert!(
        options.capacity + options.headroom() <= CAPACITY_MAX,
        "{options:?}"
    );
    if let Ready::Records(records) = options.ready {
        assert!((1..=options.capacity).contains(&records), "{options:?}");
    }
    // A file that the arguments name must not be opened: it could be any file.
    if options.stimulus.is_none() {
        assert_eq!(open(arguments), 0, "{options:?}");
        let us = |time: Option<Duration>| time.map_or(0, |time| time.as_micros() as u64);
        let mut unit = [0; 27];
        unit[..2].copy_from_slice(b"us");
        let expected = HostConfig {
            flush_after_us: us(options.flush_after),
            idle_after_us: us(options.idle_after),
            debounce_us: us(options.debounce) as u32,
            json: options.json.into(),
            pipe: (options.deliver == Deliver::Pipe).into(),
            freeze: (options.overflow == Overflow::Freeze).into(),
            trigger: match options.trigger {
                Trigger::Both => 0,
                Trigger::Rising => 1,
                Trigger::Falling => 2,
            },
            unit,
            capacity: options.capacity,
            headroom: options.headroom(),
            threshold: options.threshold(),
            ..HostConfig::default()
        };
        assert_eq!(config(), expected, "{options:?}");
        edgepipe_host_discard();
    }
}

fn check_error(error: &Error) {
    let message = error.to_string();
    assert!(!message.is_empty());
    match error.exit_status() {
        // The text of `--help` or `--version`, of any length.
        0 => {}
        2 => assert!(!message.contains(char::is_control), "{message:?}"),
        other => panic!("exit status {other}: {message}"),
    }
}

/// Opens a session, like `native_sim`'s runner.
fn open(arguments: &[CString]) -> i32 {
    let argv: Vec<*const c_char> = arguments.iter().map(|text| text.as_ptr()).collect();
    // SAFETY: `argv` has as many C strings as its length, all alive until the call returns.
    unsafe { edgepipe_host_open(argv.len() as i32, argv.as_ptr()) }
}

fn config() -> HostConfig {
    let mut config = HostConfig::default();
    // SAFETY: `config` can be written to.
    unsafe { edgepipe_host_config(&mut config) };
    config
}
