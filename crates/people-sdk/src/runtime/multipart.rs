//! A form whose fields can be files (`multipart/form-data`, RFC 7578): what a caller fills in, and the bytes
//! that are sent.

use std::fmt::{self, Write as _};

use bytes::Bytes;
use reqwest::header::HeaderValue;

/// A form whose fields can be files: the body of an operation that takes `multipart/form-data`. The contract
/// says which fields there are.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct MultipartForm {
    fields: Vec<Field>,
}

#[derive(Clone, PartialEq, Eq)]
struct Field {
    name: String,
    /// The name of the file and its media type; `None` for text.
    file: Option<(String, String)>,
    content: Bytes,
}

impl MultipartForm {
    /// A form without fields.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a field with text. A list is a field for each of its items, an object is its JSON.
    #[must_use]
    pub fn text(self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.with(name.into(), None, value.into().into())
    }

    /// Adds a field with a file. Its `media_type` is as in `image/png`; one that no header can hold ends the
    /// call before anything is sent.
    #[must_use]
    pub fn file(
        self,
        name: impl Into<String>,
        file_name: impl Into<String>,
        media_type: impl Into<String>,
        content: impl Into<Bytes>,
    ) -> Self {
        let file = (file_name.into(), media_type.into());
        self.with(name.into(), Some(file), content.into())
    }

    fn with(mut self, name: String, file: Option<(String, String)>, content: Bytes) -> Self {
        self.fields.push(Field {
            name,
            file,
            content,
        });
        self
    }

    /// The boundary between the fields, and the form with it.
    pub(crate) fn encoded(&self) -> Result<(String, Vec<u8>), String> {
        let boundary = self.boundary();
        let mut body = Vec::new();
        for field in &self.fields {
            let mut head = format!("--{boundary}\r\nContent-Disposition: form-data; name=\"");
            head.push_str(&quoted(&field.name));
            if let Some((file_name, media_type)) = &field.file {
                if HeaderValue::from_str(media_type).is_err() {
                    return Err(
                        "the body has a file whose media type no header can hold".to_owned()
                    );
                }
                // Writing to a string does not fail.
                let _ = write!(
                    head,
                    "\"; filename=\"{}\"\r\nContent-Type: {media_type}",
                    quoted(file_name)
                );
            } else {
                head.push('"');
            }
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(b"\r\n\r\n");
            body.extend_from_slice(&field.content);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
        Ok((boundary, body))
    }

    /// Text that is in no field.
    fn boundary(&self) -> String {
        let mut number = 1_u32;
        loop {
            let boundary = format!("form-boundary-{number}");
            let bytes = boundary.as_bytes();
            let is_inside =
                |field: &Field| field.content.windows(bytes.len()).any(|it| it == bytes);
            if !self.fields.iter().any(is_inside) {
                return boundary;
            }
            number += 1;
        }
    }
}

impl fmt::Debug for MultipartForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MultipartForm").finish_non_exhaustive()
    }
}

/// A name between quotation marks, as browsers write it (HTML, multipart/form-data).
fn quoted(name: &str) -> String {
    name.replace('"', "%22")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_has_its_fields_between_boundaries() {
        let form = MultipartForm::new().text("title", "a b").file(
            "file",
            "a\"\r\n.png",
            "image/png",
            &b"\x00\xff"[..],
        );
        let (boundary, body) = form.encoded().unwrap();
        assert_eq!(boundary, "form-boundary-1");
        let inside = form.clone().text("a", "--form-boundary-1--");
        assert_eq!(inside.encoded().unwrap().0, "form-boundary-2");
        let expected = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\na b\r\n\
             --{boundary}\r\nContent-Disposition: form-data; name=\"file\"; \
             filename=\"a%22%0D%0A.png\"\r\nContent-Type: image/png\r\n\r\n\0\u{fffd}\r\n\
             --{boundary}--\r\n"
        );
        assert_eq!(String::from_utf8_lossy(&body), expected);
        assert_eq!(format!("{form:?}"), "MultipartForm { .. }");
    }

    #[test]
    fn a_media_type_that_no_header_can_hold_is_a_fault() {
        let form = MultipartForm::new().file("a", "b", "image/png\r\nX: y", "c");
        let fault = form.encoded().unwrap_err();
        assert!(fault.contains("media type"), "{fault}");
    }
}
