//! Shows the person that the access token belongs to.
//!
//! With `WEBEX_ACCESS_TOKEN` in the environment it calls the service; without it, a service in memory.
#![forbid(unsafe_code)]
#![allow(clippy::print_stdout, reason = "the program prints what it reads")]

use people_fake::{ADMIN_TOKEN, FakePeople};
use people_sdk::Client;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let fake = FakePeople::start().await?;
    let client = match std::env::var_os(people_sdk::ACCESS_TOKEN_VARIABLE) {
        Some(_) => Client::from_env()?,
        None => Client::builder()
            .base_url(fake.base_url())
            .token(ADMIN_TOKEN)
            .build()?,
    };
    let me = client.get_my_own_details().await?;
    println!("name: {}", me.display_name.as_deref().unwrap_or("unknown"));
    println!("id: {}", me.id);
    if let Some(id) = me.tracking_id() {
        println!("tracking id of the call: {id}");
    }
    Ok(())
}
