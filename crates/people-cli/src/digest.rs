//! A short digest of a text, to recognize the text later.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

/// The first half of a SHA-256, in hexadecimal.
pub(crate) fn digest(text: &[u8]) -> String {
    let digest = Sha256::digest(text);
    let mut text = String::new();
    for byte in digest.iter().take(16) {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}
