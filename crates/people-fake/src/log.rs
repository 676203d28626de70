//! What the service remembers of the requests it got.

/// A request that the service got. No header and no body is kept: they hold tokens and personal
/// data.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Request {
    /// Counts from 1 through the life of the service.
    pub number: u64,
    /// The method.
    pub method: String,
    /// The path, as it was sent.
    pub path: String,
    /// The query, as it was sent.
    pub query: Option<String>,
    /// The status that was answered; `None` when the connection was cut before, or when there is
    /// no answer yet.
    pub status: Option<u16>,
}
