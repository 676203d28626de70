//! The access token: how it is held, and where it comes from. It leaves the process in the
//! `Authorization` header of a call to the configured origin, and nowhere else.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString};

use crate::runtime::error::{SharedSource, Source};

/// The longest time that a token source may take for one token.
const TOKEN_TIMEOUT: Duration = Duration::from_secs(30);

/// A bearer token. `Debug` does not show it. It is wiped from memory when the last of its clones is
/// dropped; the header made of it, which holds a copy, is not.
///
/// # Examples
///
/// ```
/// let token = people_sdk::AccessToken::from("fake-admin");
/// assert_eq!(format!("{token:?}"), "AccessToken(…)");
/// assert_eq!(token.expose(), "fake-admin");
/// ```
#[derive(Clone)]
pub struct AccessToken(Arc<Inner>);

struct Inner {
    secret: SecretString,
    /// Made once, as the same token is sent with every request.
    header: OnceLock<Result<HeaderValue, &'static str>>,
}

impl AccessToken {
    fn new(secret: SecretString) -> Self {
        Self(Arc::new(Inner {
            secret,
            header: OnceLock::new(),
        }))
    }

    /// The token itself, for programs that pass it on.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.secret.expose_secret()
    }

    /// The value of the `Authorization` header, or why there can be none.
    pub(crate) fn header(&self) -> Result<HeaderValue, &'static str> {
        let header = self.0.header.get_or_init(|| header(self.expose()));
        header.clone()
    }

    /// Whether the two are the same token. The time that this takes depends on the length alone.
    fn is_same(&self, other: &Self) -> bool {
        let (one, other) = (self.expose().as_bytes(), other.expose().as_bytes());
        let difference = one
            .iter()
            .zip(other)
            .fold(0, |found, (one, other)| found | (one ^ other));
        one.len() == other.len() && std::hint::black_box(difference) == 0
    }
}

/// Compares in constant time for tokens of the same length.
impl PartialEq for AccessToken {
    fn eq(&self, other: &Self) -> bool {
        self.is_same(other)
    }
}

impl Eq for AccessToken {}

fn header(token: &str) -> Result<HeaderValue, &'static str> {
    if token.is_empty() {
        return Err("the access token is empty");
    }
    if !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(
            "the access token has a space, a line break or another character that no token has",
        );
    }
    let mut header = HeaderValue::try_from(format!("Bearer {token}"))
        .map_err(|_| "the access token is not a valid header value")?;
    header.set_sensitive(true);
    Ok(header)
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccessToken(…)")
    }
}

impl From<String> for AccessToken {
    fn from(token: String) -> Self {
        Self::new(token.into())
    }
}

impl From<&str> for AccessToken {
    fn from(token: &str) -> Self {
        Self::new(token.into())
    }
}

/// The future that a [`TokenSource`] returns.
pub type TokenFuture<'a> = Pin<Box<dyn Future<Output = Result<AccessToken, Source>> + Send + 'a>>;

/// Provides access tokens that expire.
///
/// The client asks before each attempt, so a token that expired between attempts is replaced; again
/// when the attempt was then held back for more than a minute by the rate limit; and once more when the
/// service answers 401. One request to the source runs at a time: calls that need
/// a token meanwhile wait for its result and share it. A request that takes longer than 30 s has
/// failed. When the call that started it is dropped, one of the waiting calls starts another. Caching
/// is up to the source: the client does not use a token again without asking.
///
/// The attempt with a renewed token does not count against
/// [`RetryPolicy::max_attempts`](crate::RetryPolicy::max_attempts), and there is one such attempt per
/// call. A source that has no other token returns the same one, and the call ends with the 401.
///
/// # Examples
///
/// ```
/// use people_sdk::{AccessToken, TokenFuture, TokenSource};
///
/// struct Vault;
///
/// impl TokenSource for Vault {
///     fn token<'a>(&'a self, rejected: Option<&'a AccessToken>) -> TokenFuture<'a> {
///         Box::pin(async move {
///             // A real source renews its token here when `rejected` is the one that it holds.
///             let _ = rejected;
///             Ok(AccessToken::from("fake-admin"))
///         })
///     }
/// }
///
/// let client = people_sdk::Client::builder().token_source(Vault).build()?;
/// # drop(client);
/// # Ok::<(), people_sdk::Error>(())
/// ```
#[doc(alias = "refresh")]
#[doc(alias = "oauth")]
pub trait TokenSource: Send + Sync + 'static {
    /// The token for the next attempt. `rejected` is the token that the service has just answered
    /// with 401; a source that can renew returns another one.
    ///
    /// # Errors
    ///
    /// Any reason why there is no token. The call ends with [`ErrorKind::Credentials`], and this is
    /// its [`source`](std::error::Error::source).
    ///
    /// [`ErrorKind::Credentials`]: crate::ErrorKind::Credentials
    fn token<'a>(&'a self, rejected: Option<&'a AccessToken>) -> TokenFuture<'a>;
}

/// A [`TokenSource`] made of a closure. The closure gets the token that the service has just rejected,
/// if there is one, and returns a future of a token.
///
/// # Examples
///
/// ```
/// use people_sdk::{AccessToken, token_source_fn};
///
/// let source = token_source_fn(|_rejected| async { Ok(AccessToken::from("fake-admin")) });
/// let client = people_sdk::Client::builder().token_source(source).build()?;
/// # drop(client);
/// # Ok::<(), people_sdk::Error>(())
/// ```
pub fn token_source_fn<F, T>(source: F) -> impl TokenSource
where
    F: Fn(Option<AccessToken>) -> T + Send + Sync + 'static,
    T: Future<Output = Result<AccessToken, Source>> + Send + 'static,
{
    SourceFn(source)
}

struct SourceFn<F>(F);

impl<F, T> TokenSource for SourceFn<F>
where
    F: Fn(Option<AccessToken>) -> T + Send + Sync + 'static,
    T: Future<Output = Result<AccessToken, Source>> + Send + 'static,
{
    fn token<'a>(&'a self, rejected: Option<&'a AccessToken>) -> TokenFuture<'a> {
        Box::pin((self.0)(rejected.cloned()))
    }
}

/// A token that does not expire.
impl TokenSource for AccessToken {
    fn token<'a>(&'a self, _rejected: Option<&'a AccessToken>) -> TokenFuture<'a> {
        Box::pin(std::future::ready(Ok(self.clone())))
    }
}

/// The result of one request to the source, in a form that all waiting calls can share.
type TokenResult = Result<AccessToken, SharedSource>;

/// Where the client's tokens come from.
pub(crate) enum Credentials {
    /// One token for every attempt; it cannot be renewed.
    Static(AccessToken),
    Refreshing(SingleFlight),
}

impl Credentials {
    pub(crate) fn refreshing(source: impl TokenSource) -> Self {
        Self::Refreshing(SingleFlight {
            source: Box::new(source),
            generation: AtomicU64::new(0),
            last: tokio::sync::Mutex::new(None),
        })
    }

    /// Whether there can be another token later.
    pub(crate) fn can_renew(&self) -> bool {
        matches!(self, Self::Refreshing(_))
    }

    /// The token, where it takes no request to a source.
    pub(crate) fn token_now(&self) -> Option<AccessToken> {
        match self {
            Self::Static(token) => Some(token.clone()),
            Self::Refreshing(_) => None,
        }
    }

    /// A token, other than the `rejected` one where the source has another.
    pub(crate) async fn token(&self, rejected: Option<&AccessToken>) -> TokenResult {
        match self {
            Self::Static(token) => Ok(token.clone()),
            Self::Refreshing(source) => source.token(rejected).await,
        }
    }
}

/// Runs one request to a token source at a time.
pub(crate) struct SingleFlight {
    source: Box<dyn TokenSource>,
    /// How many requests have ended.
    generation: AtomicU64,
    last: tokio::sync::Mutex<Option<TokenResult>>,
}

impl SingleFlight {
    /// A token from a request started now, or from one that was running.
    async fn token(&self, rejected: Option<&AccessToken>) -> TokenResult {
        let generation = self.generation.load(Ordering::Acquire);
        let mut last = self.last.lock().await;
        if self.generation.load(Ordering::Acquire) > generation
            && let Some(result) = last.as_ref()
            && !is_rejected(result, rejected)
        {
            return result.clone();
        }
        let requested = tokio::time::timeout(TOKEN_TIMEOUT, self.source.token(rejected)).await;
        let result = match requested {
            Ok(result) => result.map_err(Arc::from),
            Err(_) => Err(Arc::from(Source::from(format!(
                "the token source did not answer within {} s",
                TOKEN_TIMEOUT.as_secs()
            )))),
        };
        *last = Some(result.clone());
        self.generation.fetch_add(1, Ordering::Release);
        result
    }
}

fn is_rejected(result: &TokenResult, rejected: Option<&AccessToken>) -> bool {
    matches!((result, rejected), (Ok(token), Some(rejected)) if token == rejected)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;

    use super::*;

    /// Numbers its tokens; takes long enough for other calls to queue behind a request.
    struct Numbered(Arc<AtomicUsize>);

    impl TokenSource for Numbered {
        fn token<'a>(&'a self, _rejected: Option<&'a AccessToken>) -> TokenFuture<'a> {
            Box::pin(async {
                let number = self.0.fetch_add(1, Ordering::SeqCst);
                tokio::task::yield_now().await;
                Ok(AccessToken::from(format!("token-{number}")))
            })
        }
    }

    #[tokio::test]
    async fn waiting_calls_share_one_result() {
        let count = Arc::new(AtomicUsize::new(0));
        let credentials = Arc::new(Credentials::refreshing(Numbered(count.clone())));
        let tasks: Vec<_> = (0..50)
            .map(|_| {
                let credentials = credentials.clone();
                tokio::spawn(async move { credentials.token(None).await.unwrap() })
            })
            .collect();
        for task in tasks {
            assert_eq!(task.await.unwrap().expose(), "token-0");
        }
        assert_eq!(count.load(Ordering::SeqCst), 1);
        assert_eq!(credentials.token(None).await.unwrap().expose(), "token-1");
    }

    #[tokio::test]
    async fn a_waiting_call_does_not_get_the_token_that_was_rejected() {
        let count = Arc::new(AtomicUsize::new(0));
        let credentials = Credentials::refreshing(Numbered(count));
        let rejected = AccessToken::from("token-0");
        // Both are polled in order: the second waits for the first, whose result is the token that
        // the service has just rejected for the second.
        let (first, second) =
            tokio::join!(credentials.token(None), credentials.token(Some(&rejected)),);
        assert_eq!(first.unwrap().expose(), "token-0");
        assert_eq!(second.unwrap().expose(), "token-1");
    }

    #[tokio::test(start_paused = true)]
    async fn a_source_that_hangs_fails_all_waiting_calls_after_its_time_limit() {
        struct Hanging;

        impl TokenSource for Hanging {
            fn token<'a>(&'a self, _rejected: Option<&'a AccessToken>) -> TokenFuture<'a> {
                Box::pin(std::future::pending())
            }
        }

        let credentials = Credentials::refreshing(Hanging);
        let started = tokio::time::Instant::now();
        let (first, second) = tokio::join!(credentials.token(None), credentials.token(None));
        assert_eq!(started.elapsed(), TOKEN_TIMEOUT);
        for result in [first, second] {
            let error = result.unwrap_err().to_string();
            assert_eq!(error, "the token source did not answer within 30 s");
        }
    }

    /// The answer that comes too late is dropped, and the next call asks again.
    #[tokio::test(start_paused = true)]
    async fn a_source_slower_than_its_time_limit_fails_and_is_asked_again() {
        let asked = Arc::new(AtomicUsize::new(0));
        let count = asked.clone();
        let credentials = Credentials::refreshing(token_source_fn(move |_| {
            let first = count.fetch_add(1, Ordering::SeqCst) == 0;
            async move {
                if first {
                    tokio::time::sleep(TOKEN_TIMEOUT + Duration::from_secs(1)).await;
                }
                Ok(AccessToken::from("token"))
            }
        }));
        let error = credentials.token(None).await.unwrap_err().to_string();
        assert_eq!(error, "the token source did not answer within 30 s");
        assert_eq!(credentials.token(None).await.unwrap().expose(), "token");
        assert_eq!(asked.load(Ordering::SeqCst), 2);
    }

    #[tokio::test]
    async fn a_closure_gets_the_rejected_token() {
        let source = token_source_fn(|rejected: Option<AccessToken>| async move {
            match rejected {
                None => Ok(AccessToken::from("old")),
                Some(token) => Ok(AccessToken::from(format!("{}-renewed", token.expose()))),
            }
        });
        let credentials = Credentials::refreshing(source);
        let old = credentials.token(None).await.unwrap();
        assert_eq!(old.expose(), "old");
        let renewed = credentials.token(Some(&old)).await.unwrap();
        assert_eq!(renewed.expose(), "old-renewed");
    }

    #[test]
    fn tokens_are_equal_when_every_byte_is() {
        let token = AccessToken::from("abc");
        assert_eq!(token, AccessToken::from("abc".to_owned()));
        for other in ["abd", "bbc", "bac", "ab", "abcd", ""] {
            assert_ne!(token, AccessToken::from(other), "{other}");
        }
    }

    #[test]
    fn an_invalid_token_is_rejected_without_showing_it() {
        for text in ["", "a b", "a\n", "tokén"] {
            let fault = AccessToken::from(text).header().unwrap_err();
            assert!(text.is_empty() || !fault.contains(text), "{fault}");
        }
        assert!(AccessToken::from("ok").header().unwrap().is_sensitive());
    }
}
