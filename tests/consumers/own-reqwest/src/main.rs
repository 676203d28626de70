//! Calls a service over plain HTTP with reqwest, and with the SDK where the program has it. An
//! argument selects a remedy for reqwest without a provider: `install` or `preconfigured`.
#![forbid(unsafe_code)]

use people_fake::{ADMIN_TOKEN, FakePeople};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome<()> {
    let remedy = std::env::args().nth(1);
    let fake = FakePeople::start().await?;

    #[cfg(feature = "people-sdk")]
    {
        let client = people_sdk::Client::builder()
            .base_url(fake.base_url())
            .token(ADMIN_TOKEN)
            .build()?;
        let me = client.get_my_own_details().send().await?;
        println!("people-sdk read {}", me.display_name.as_deref().unwrap_or("?"));
    }

    let http = http_client(remedy.as_deref())?;
    let url = format!("{}/people/me", fake.base_url());
    let response = http.get(url).bearer_auth(ADMIN_TOKEN).send().await?;
    println!("reqwest read {}", response.error_for_status()?.status());
    Ok(())
}

fn http_client(remedy: Option<&str>) -> Outcome<reqwest::Client> {
    let builder = reqwest::Client::builder().no_proxy();
    let builder = match remedy {
        None => builder,
        #[cfg(feature = "rustls")]
        Some("install") => {
            let installed = rustls::crypto::ring::default_provider().install_default();
            installed.map_err(|_| "the SDK has installed a default provider for the process")?;
            builder
        }
        #[cfg(all(feature = "rustls", feature = "people-sdk"))]
        Some("preconfigured") => {
            let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
            let tls = rustls::ClientConfig::builder_with_provider(provider)
                .with_safe_default_protocol_versions()?
                .with_root_certificates(rustls::RootCertStore::empty())
                .with_no_client_auth();
            builder.tls_backend_preconfigured(tls)
        }
        Some(other) => return Err(format!("`{other}` is not a remedy of this build").into()),
    };
    Ok(builder.build()?)
}
