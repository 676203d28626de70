//! The pages of the documentation that belong to no single type. The module exists for rustdoc and
//! its tests alone, and is in no build.

#[doc = include_str!("guide/models.md")]
#[doc(alias = "serde")]
#[doc(alias = "json")]
pub mod models {}

#[doc = include_str!("guide/tracing.md")]
#[doc(alias = "opentelemetry")]
#[doc(alias = "logging")]
#[doc(alias = "observability")]
pub mod tracing {}

#[doc = include_str!("guide/testing.md")]
#[doc(alias = "mock")]
#[doc(alias = "fake")]
#[doc(alias = "wiremock")]
pub mod testing {}

#[doc = include_str!("guide/tls.md")]
#[doc(alias = "rustls")]
#[doc(alias = "CryptoProvider")]
#[doc(alias = "certificates")]
pub mod tls {}

#[doc = include_str!("guide/migrating_from_webex.md")]
#[doc(alias = "webex")]
#[doc(alias = "spark")]
pub mod migrating_from_webex {}
