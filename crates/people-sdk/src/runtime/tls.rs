//! TLS of the connections that the client opens itself: the cryptography, and which certificates are
//! trusted. Everything is passed to reqwest explicitly; nothing is installed for the process.
//!
//! Where several features are on, the first of these counts: `native-tls`; `rustls-no-provider`, if
//! the program has installed a default provider; `rustls-aws-lc`; `rustls`.

use crate::runtime::error::Error;

#[cfg(feature = "native-tls")]
pub(crate) fn configure(
    builder: reqwest::ClientBuilder,
    certificates: &[Vec<u8>],
) -> Result<reqwest::ClientBuilder, Error> {
    let mut trusted = Vec::new();
    for pem in certificates {
        let bundle = reqwest::Certificate::from_pem_bundle(pem)
            .map_err(|error| unreadable().with_source(error))?;
        if bundle.is_empty() {
            return Err(unreadable());
        }
        trusted.extend(bundle);
    }
    Ok(builder.tls_backend_native().tls_certs_merge(trusted))
}

#[cfg(all(feature = "__rustls", not(feature = "native-tls")))]
pub(crate) fn configure(
    builder: reqwest::ClientBuilder,
    certificates: &[Vec<u8>],
) -> Result<reqwest::ClientBuilder, Error> {
    use std::sync::Arc;

    use rustls::pki_types::CertificateDer;
    use rustls::pki_types::pem::PemObject;
    use rustls_platform_verifier::Verifier;

    let mut trusted = Vec::new();
    for pem in certificates {
        let before = trusted.len();
        for certificate in CertificateDer::pem_slice_iter(pem) {
            trusted.push(certificate.map_err(|error| unreadable().with_source(error))?);
        }
        if trusted.len() == before {
            return Err(unreadable());
        }
    }
    let provider = provider()?;
    let fault = |error: rustls::Error| {
        Error::configuration("TLS cannot be set up on this system").with_source(error)
    };
    let verifier = if trusted.is_empty() {
        Verifier::new(Arc::clone(&provider))
    } else {
        with_trusted(trusted, Arc::clone(&provider))
    };
    let mut config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(fault)?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier.map_err(fault)?))
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(builder.tls_backend_preconfigured(config))
}

#[cfg(all(
    feature = "__rustls",
    not(feature = "native-tls"),
    not(target_os = "android")
))]
fn with_trusted(
    certificates: Vec<rustls::pki_types::CertificateDer<'static>>,
    provider: std::sync::Arc<rustls::crypto::CryptoProvider>,
) -> Result<rustls_platform_verifier::Verifier, rustls::Error> {
    rustls_platform_verifier::Verifier::new_with_extra_roots(certificates, provider)
}

#[cfg(all(
    feature = "__rustls",
    not(feature = "native-tls"),
    target_os = "android"
))]
fn with_trusted(
    _certificates: Vec<rustls::pki_types::CertificateDer<'static>>,
    _provider: std::sync::Arc<rustls::crypto::CryptoProvider>,
) -> Result<rustls_platform_verifier::Verifier, rustls::Error> {
    Err(rustls::Error::General(
        "Android takes further root certificates from its own settings only".to_owned(),
    ))
}

/// The cryptography, by the precedence that this file documents.
#[cfg(all(feature = "__rustls", not(feature = "native-tls")))]
#[allow(
    clippy::unnecessary_wraps,
    reason = "it can fail with `rustls-no-provider` alone"
)]
fn provider() -> Result<std::sync::Arc<rustls::crypto::CryptoProvider>, Error> {
    #[cfg(feature = "rustls-no-provider")]
    if let Some(provider) = rustls::crypto::CryptoProvider::get_default() {
        return Ok(std::sync::Arc::clone(provider));
    }
    #[cfg(feature = "rustls-aws-lc")]
    return Ok(std::sync::Arc::new(
        rustls::crypto::aws_lc_rs::default_provider(),
    ));
    #[cfg(all(feature = "rustls", not(feature = "rustls-aws-lc")))]
    return Ok(std::sync::Arc::new(rustls::crypto::ring::default_provider()));
    #[cfg(not(any(feature = "rustls", feature = "rustls-aws-lc")))]
    Err(Error::configuration(
        "the program has no TLS provider; call `install_default` of one before `build`, or enable \
         the feature `rustls` or `rustls-aws-lc` of people-sdk",
    ))
}

#[cfg(any(feature = "__rustls", feature = "native-tls"))]
fn unreadable() -> Error {
    Error::configuration("a root certificate cannot be read; give it in PEM form")
}

#[cfg(not(any(feature = "__rustls", feature = "native-tls")))]
pub(crate) fn configure(
    builder: reqwest::ClientBuilder,
    certificates: &[Vec<u8>],
) -> Result<reqwest::ClientBuilder, Error> {
    if certificates.is_empty() {
        Ok(builder)
    } else {
        Err(unavailable())
    }
}

/// Whether the client can open connections under TLS.
pub(crate) const AVAILABLE: bool = cfg!(any(feature = "__rustls", feature = "native-tls"));

/// The error of a client that needs TLS and was built without.
pub(crate) fn unavailable() -> Error {
    Error::configuration(
        "this program was built without TLS; enable the feature `rustls` or `native-tls` of \
         people-sdk, or give an `http_client` of your own",
    )
}
