//! The command line: its meaning, and the one-line error if it is wrong.

use std::time::Duration;

use edgepipe_host::{
    CAPACITY_MAX, Deliver, Error, Options, Overflow, Plot, Ready, Stretch, Trigger,
};

fn parse(arguments: &[&str]) -> Result<Options, Error> {
    Options::try_parse_from([&["edgepipe"], arguments].concat())
}

/// The message, which must be one line with exit status 2.
fn usage_error(arguments: &[&str]) -> String {
    let error = parse(arguments).unwrap_err();
    assert_eq!(error.exit_status(), 2, "{error}");
    let message = error.to_string();
    assert!(!message.contains('\n'), "{message:?}");
    message
}

#[test]
fn without_arguments_everything_has_its_default() {
    let options = parse(&[]).unwrap();
    assert_eq!(
        (options.stimulus.as_ref(), options.capture.as_ref()),
        (None, None)
    );
    assert_eq!(
        (options.ready, options.capacity, options.json),
        (Ready::Full, 16, false)
    );
    assert_eq!(options.threshold(), 0);
}

#[test]
fn every_option_is_understood() {
    let arguments = [
        "--stimulus",
        "a.vcd",
        "--capture=b.vcd",
        "--ready",
        "8",
        "--capacity",
        "8",
        "--json",
    ];
    let options = parse(&arguments).unwrap();
    assert_eq!(options.stimulus.as_deref(), Some("a.vcd".as_ref()));
    assert_eq!(options.capture.as_deref(), Some("b.vcd".as_ref()));
    assert_eq!(
        (options.ready, options.capacity, options.json),
        (Ready::Records(8), 8, true)
    );
    assert_eq!(options.threshold(), 8);
}

#[test]
fn the_limits_themselves_are_accepted() {
    let largest = CAPACITY_MAX.to_string();
    assert_eq!(
        parse(&["--capacity", &largest, "--ready", &largest])
            .unwrap()
            .threshold(),
        65_536
    );
    assert_eq!(
        parse(&["--capacity", "1", "--ready", "1"])
            .unwrap()
            .threshold(),
        1
    );
}

#[test]
fn the_headroom_is_as_large_as_the_capacity_and_64_at_most_unless_it_is_said() {
    let headroom = |args: &[&str]| parse(args).unwrap().headroom();
    assert_eq!(headroom(&[]), 16);
    assert_eq!(headroom(&["--capacity", "1"]), 1);
    assert_eq!(headroom(&["--capacity", "1000"]), 64);
    assert_eq!(headroom(&["--headroom", "0"]), 0);
    assert_eq!(headroom(&["--headroom", "65520"]), 65_520);
    assert_eq!(headroom(&["--capacity", "65536"]), 0);
    assert_eq!(headroom(&["--capacity", "65530"]), 6);
    assert_eq!(
        usage_error(&["--capacity", "65530", "--headroom", "7"]),
        "invalid value '7' for '--headroom <N>': expected 0 to 6 records, so that it and the capacity are \
         65536 at most"
    );
    for given in ["65536", "-1", "many"] {
        assert_eq!(
            usage_error(&["--headroom", given]),
            format!("invalid value '{given}' for '--headroom <N>': expected 0 to 65535 records")
        );
    }
}

#[test]
fn records_are_delivered_through_the_pipe_unless_it_is_said() {
    assert_eq!(parse(&[]).unwrap().deliver, Deliver::Pipe);
    assert_eq!(
        parse(&["--deliver", "pipe"]).unwrap().deliver,
        Deliver::Pipe
    );
    assert_eq!(
        parse(&["--deliver", "direct"]).unwrap().deliver,
        Deliver::Direct
    );
    assert_eq!(
        usage_error(&["--deliver", "post"]),
        "invalid value 'post' for '--deliver <pipe|direct>': expected pipe or direct"
    );
}

#[test]
fn the_whole_contract_is_on_the_command_line() {
    let options = parse(&[]).unwrap();
    assert_eq!(
        (options.overflow, options.trigger),
        (Overflow::DropNewest, Trigger::Both)
    );
    assert_eq!((options.flush_after, options.idle_after), (None, None));
    assert_eq!(options.debounce, None);
    assert_eq!(
        (options.stretch, options.allow_loss),
        (Stretch::Auto, false)
    );
    let options = parse(&[
        "--overflow=freeze",
        "--trigger=falling",
        "--flush-after=1500us",
        "--idle-after=25ms",
        "--debounce=5ms",
        "--stimulus=a.vcd",
        "--stretch=7",
        "--allow-loss",
    ]);
    let options = options.unwrap();
    assert_eq!(
        (options.overflow, options.trigger),
        (Overflow::Freeze, Trigger::Falling)
    );
    assert_eq!(options.flush_after, Some(Duration::from_micros(1_500)));
    assert_eq!(options.idle_after, Some(Duration::from_millis(25)));
    assert_eq!(options.debounce, Some(Duration::from_millis(5)));
    assert_eq!(
        (options.stretch, options.allow_loss),
        (Stretch::By(7), true)
    );
}

#[test]
fn a_wrong_word_or_time_is_named_with_what_would_be_right() {
    for (option, given, expected) in [
        (
            "--overflow <drop-newest|freeze>",
            "drop",
            "expected drop-newest or freeze",
        ),
        (
            "--trigger <both|rising|falling>",
            "up",
            "expected both, rising or falling",
        ),
        (
            "--flush-after <TIME>",
            "5",
            "expected a time from 1us to 1h, such as 5ms",
        ),
        (
            "--flush-after <TIME>",
            "0ms",
            "expected a time from 1us to 1h, such as 5ms",
        ),
        (
            "--idle-after <TIME>",
            "0us",
            "expected a time from 1us to 1h, such as 5ms",
        ),
        (
            "--debounce <TIME>",
            "2h",
            "expected a time from 1us to 1h, such as 5ms",
        ),
        (
            "--debounce <TIME>",
            "999ns",
            "expected a time from 1us to 1h, such as 5ms",
        ),
        (
            "--stretch <auto|N>",
            "0",
            "expected auto, or 1 to 4294967295",
        ),
        (
            "--stretch <auto|N>",
            "1.5",
            "expected auto, or 1 to 4294967295",
        ),
    ] {
        let argument = format!("{}={given}", option.split(' ').next().unwrap());
        assert_eq!(
            usage_error(&["--stimulus=a.vcd", &argument]),
            format!("invalid value '{given}' for '{option}': {expected}")
        );
    }
}

#[test]
fn options_about_the_recording_need_one() {
    for argument in ["--wires=A", "--list", "--stretch=2"] {
        assert_eq!(
            usage_error(&[argument]),
            "the following required arguments were not provided: --stimulus <FILE>"
        );
    }
    for argument in ["--wires=A", "--capture=b.vcd", "--json"] {
        let error = usage_error(&["--stimulus=a.vcd", "--list", argument]);
        assert!(error.contains("'--list' cannot be used with"), "{error}");
    }
}

#[test]
fn a_wrong_capacity_is_named_with_what_would_be_right() {
    for given in ["0", "65537", "99999999999999999999", "-1", "abc", "1.5", ""] {
        assert_eq!(
            usage_error(&["--capacity", given]),
            format!("invalid value '{given}' for '--capacity <N>': expected 1 to 65536 records")
        );
    }
}

#[test]
fn a_wrong_threshold_is_named_with_what_would_be_right() {
    for given in ["0", "-1", "Full", "99999999999999999999"] {
        assert_eq!(
            usage_error(&["--ready", given]),
            format!(
                "invalid value '{given}' for '--ready <full|N>': \
                 expected full, or 1 to as many records as the capacity"
            )
        );
    }
}

#[test]
fn a_threshold_above_the_capacity_is_refused_in_either_order() {
    let message = "invalid value '65' for '--ready <full|N>': \
                   expected full, or 1 to 64 records, the capacity";
    assert_eq!(usage_error(&["--ready", "65", "--capacity", "64"]), message);
    assert_eq!(usage_error(&["--capacity", "64", "--ready", "65"]), message);
}

#[test]
fn whether_to_plot_may_be_said_in_a_word() {
    for (arguments, plot) in [
        (&[][..], Plot::Auto),
        (&["--plot"], Plot::Always),
        (&["--plot=auto"], Plot::Auto),
        (&["--plot=never"], Plot::Never),
    ] {
        assert_eq!(parse(arguments).unwrap().plot, plot);
    }
    assert!(parse(&["--plot"]).unwrap().plots());
    assert!(!parse(&["--plot=never"]).unwrap().plots());
    assert!(!parse(&["--plot", "--json"]).unwrap().plots());
    assert_eq!(
        usage_error(&["--plot=often"]),
        "invalid value 'often' for '--plot[=<auto|always|never>]': expected auto, always or never"
    );
}

#[test]
fn a_page_and_a_capture_are_two_files() {
    assert_eq!(
        usage_error(&["--report=a", "--capture=a"]),
        "--report and --capture name the same file"
    );
    assert!(parse(&["--report=a", "--capture=b"]).is_ok());
}

#[test]
fn an_unknown_or_incomplete_option_is_one_line() {
    assert_eq!(
        usage_error(&["--fast"]),
        "unexpected argument '--fast' found"
    );
    assert_eq!(
        usage_error(&["in.vcd"]),
        "unexpected argument 'in.vcd' found"
    );
    assert_eq!(
        usage_error(&["--stimulus"]),
        "a value is required for '--stimulus <FILE>' but none was supplied"
    );
    assert_eq!(
        usage_error(&["--json", "--json"]),
        "the argument '--json' cannot be used multiple times"
    );
    assert!(usage_error(&["--capacity", "1\n2"]).contains("'1\\n2'"));
}

#[test]
fn help_and_version_are_no_failures() {
    for argument in ["--help", "--version"] {
        assert_eq!(parse(&[argument]).unwrap_err().exit_status(), 0);
    }
    let help = parse(&["--help"]).unwrap_err().to_string();
    for option in [
        "--stimulus <FILE>",
        "--wires <A,B,...>",
        "--capture <OUT.vcd>",
        "--ready <full|N>",
        "--capacity <N>",
    ] {
        assert!(help.contains(option), "{help}");
    }
}
