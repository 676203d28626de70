//! A client whose access tokens expire: it renews them with a refresh token. The service in memory ends
//! the first token and replaces the refresh token with each renewal.
#![forbid(unsafe_code)]
#![allow(clippy::print_stdout, reason = "the program prints what it reads")]

use people_fake::{CLIENT_ID, CLIENT_SECRET, FakePeople, REFRESH_TOKEN};
use people_sdk::{Client, RefreshToken};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let fake = FakePeople::start().await?;

    // In a program, the three come from a store of secrets, and the new refresh token goes back there.
    let refresh_token = RefreshToken::new(CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN).on_rotation(
        |refresh_token| async move {
            println!(
                "stored a new refresh token of {} bytes",
                refresh_token.len()
            );
            Ok(())
        },
    );
    let client = Client::builder()
        .base_url(fake.base_url())
        .refresh_token(refresh_token)
        .build()?;

    client.get_my_own_details().await?;
    fake.expire_token("fake-admin-1");
    let me = client.get_my_own_details().await?;
    println!("name: {}", me.display_name.as_deref().unwrap_or("unknown"));
    for request in fake.requests() {
        println!("{} {} {:?}", request.method, request.path, request.status);
    }
    Ok(())
}
