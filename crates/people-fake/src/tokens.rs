//! Access tokens that expire, and their renewal at `POST /v1/access_token`, a route outside the contract.
//! The owners of the tokens are in `directory`.

use std::collections::BTreeMap;
use std::time::Duration;

use hyper::StatusCode;
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::directory::Directory;
use crate::seed::{ADMIN_TOKEN, CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN};

/// The lifetime of a refresh token. It is stated and not enforced.
const REFRESH_TOKEN_LIFETIME: Duration = Duration::from_secs(90 * 24 * 60 * 60);

/// When access tokens end, and the refresh token that is valid.
#[derive(Debug)]
pub(crate) struct Tokens {
    ends: BTreeMap<String, Instant>,
    refresh_token: String,
    renewals: u64,
}

impl Default for Tokens {
    fn default() -> Self {
        Self {
            ends: BTreeMap::new(),
            refresh_token: REFRESH_TOKEN.to_owned(),
            renewals: 0,
        }
    }
}

/// A renewal that is rejected: status and body, as OAuth 2.0 has them (RFC 6749, 5.2).
pub(crate) struct Rejected(pub(crate) StatusCode, pub(crate) Value);

impl Rejected {
    pub(crate) fn new(status: StatusCode, error: &str, description: &str) -> Self {
        Self(
            status,
            json!({ "error": error, "error_description": description }),
        )
    }
}

impl Tokens {
    /// Whether an access token has ended.
    pub(crate) fn is_expired(&self, token: &str) -> bool {
        self.ends
            .get(token)
            .is_some_and(|end| *end <= Instant::now())
    }

    /// Ends an access token now.
    pub(crate) fn expire(&mut self, token: &str) {
        self.ends.insert(token.to_owned(), Instant::now());
    }

    pub(crate) fn refresh_token(&self) -> &str {
        &self.refresh_token
    }

    /// Issues an access token for the administrator. With `rotate`, the refresh token is replaced, and
    /// the one of the request is not valid any more.
    pub(crate) fn renew(
        &mut self,
        form: &[u8],
        directory: &mut Directory,
        lifetime: Duration,
        rotate: bool,
    ) -> Result<Value, Rejected> {
        let form: BTreeMap<_, _> = form_urlencoded::parse(form).collect();
        let field = |name: &str| form.get(name).map(AsRef::as_ref);
        let bad =
            |error, description| Err(Rejected::new(StatusCode::BAD_REQUEST, error, description));
        if field("grant_type") != Some("refresh_token") {
            return bad(
                "unsupported_grant_type",
                "This service supports the grant type refresh_token only",
            );
        }
        if (field("client_id"), field("client_secret")) != (Some(CLIENT_ID), Some(CLIENT_SECRET)) {
            return Err(Rejected::new(
                StatusCode::UNAUTHORIZED,
                "invalid_client",
                "The client id or the client secret is wrong",
            ));
        }
        let owner = directory.owner(ADMIN_TOKEN);
        let owner = owner.and_then(|person| person.get("id")?.as_str().map(str::to_owned));
        let Some(owner) = owner.filter(|_| field("refresh_token") == Some(&self.refresh_token))
        else {
            return bad("invalid_grant", "The refresh token is not valid");
        };
        self.renewals += 1;
        let token = format!("{ADMIN_TOKEN}-{}", self.renewals);
        // The owner is one of the directory.
        let _ = directory.grant(token.clone(), &owner);
        if let Some(end) = Instant::now().checked_add(lifetime) {
            self.ends.insert(token.clone(), end);
        }
        if rotate {
            self.refresh_token = format!("{REFRESH_TOKEN}-{}", self.renewals);
        }
        Ok(json!({
            "access_token": token,
            "expires_in": lifetime.as_secs(),
            "refresh_token": self.refresh_token,
            "refresh_token_expires_in": REFRESH_TOKEN_LIFETIME.as_secs(),
            "token_type": "Bearer",
        }))
    }
}
