//! Serves the fake until Ctrl-C: `cargo run -p people-fake --example serve -- [ADDRESS [FAULT…]]`.
#![forbid(unsafe_code)]
#![expect(clippy::print_stdout, reason = "the program prints the base URL")]

use std::error::Error;

use people_fake::FakePeople;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut builder = FakePeople::builder();
    if let Some(address) = arguments.next() {
        builder = builder.listen(address.parse::<std::net::SocketAddr>()?);
    }
    for fault in arguments {
        builder = builder.fault(fault.parse()?);
    }
    let fake = builder.start().await?;
    println!("{}", fake.base_url());
    tokio::signal::ctrl_c().await?;
    fake.stop().await;
    Ok(())
}
