//! Two tasks on one thread, each with a capture. One prints each press of a button at once. The other wakes once in
//! four cycles of a CO2 sensor. Neither wakes for the other's edges.
#![no_std]

mod co2;

use co2::Co2;
use edgepipe::{Capture, Edge, Error, Level, OpenError, Pulses, Reader};
use edgepipe_devicetree::edges;
use embassy_executor::Spawner;
use static_cell::StaticCell;
use zephyr::{embassy::Executor, printkln};

static EXECUTOR: StaticCell<Executor> = StaticCell::new();

#[no_mangle]
extern "C" fn rust_main() {
    match open() {
        Ok((button, co2)) => EXECUTOR.init(Executor::new()).run(|spawner: Spawner| {
            spawner.must_spawn(watch_button(button.0, button.1));
            spawner.must_spawn(watch_co2(co2.0, co2.1));
        }),
        Err(error) => printkln!("{error}"),
    }
}

type Opened = (Capture, Reader);

fn open() -> Result<(Opened, Opened), OpenError> {
    Ok((edges!(labels::button).open()?, edges!(labels::co2).open()?))
}

/// A task owns its capture: when the task ends, so does the capture.
#[embassy_executor::task]
async fn watch_button(_capture: Capture, mut reader: Reader) {
    if let Err(error) = print_presses(&mut reader).await {
        printkln!("button: {error}");
    }
}

#[embassy_executor::task]
async fn watch_co2(_capture: Capture, mut reader: Reader) {
    if let Err(error) = print_concentrations(&mut reader).await {
        printkln!("co2: {error}");
    }
}

/// Wakes for each edge.
async fn print_presses(reader: &mut Reader) -> Result<(), Error> {
    let mut pulses: Pulses<1> = Pulses::new();
    let mut edges = [Edge::default(); 4];
    while let count @ 1.. = reader.read_edges_async(&mut edges).await? {
        let wakes = reader.ledger().wakes;
        for edge in &edges[..count] {
            let pulse = pulses.next(edge);
            match (edge.level, pulse) {
                (Level::High, _) => printkln!("button: pressed, wake {wakes}"),
                (Level::Low, Some(press)) => {
                    let ms = press.duration_ns / 1_000_000;
                    printkln!("button: released after {ms} ms, wake {wakes}");
                }
                (Level::Low, None) => printkln!("button: released, wake {wakes}"),
            }
        }
    }
    Ok(())
}

/// Wakes when there are as many edges as the threshold in the devicetree.
async fn print_concentrations(reader: &mut Reader) -> Result<(), Error> {
    let mut co2 = Co2::default();
    let mut edges = [Edge::default(); 16];
    loop {
        reader.wait_ready_async().await?;
        let count = match reader.try_read_edges(&mut edges) {
            Ok(0) => return Ok(()),
            // After a loss, the hole alone may be pending.
            Err(Error::WOULD_BLOCK) => 0,
            result => result?,
        };
        let (mut sum, mut cycles) = (0, 0);
        for edge in &edges[..count] {
            match co2.edge(edge) {
                Some(Ok(ppm)) => (sum, cycles) = (sum + ppm, cycles + 1),
                Some(Err(wrong)) => printkln!("co2: {wrong}"),
                None => {}
            }
        }
        if let Some(mean) = u64::checked_div(sum, cycles) {
            let wakes = reader.ledger().wakes;
            printkln!("co2: {mean} ppm in {cycles} cycles, wake {wakes}");
        }
    }
}
