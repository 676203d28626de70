//! What all generated builders of requests have in common. What one has of its own (its fields, its setters
//! and `send`) is in the generated code.

/// `request_builder!(Name(header, timeout) -> Value)` implements for the builder `Name`, whose `send` gives a
/// `Value`: the setters of a header and of the time limit, `Debug` and `IntoFuture`. The setters have the names
/// that are given: a parameter of the contract keeps its name.
macro_rules! request_builder {
    ($name:ident($header:ident, $timeout:ident) -> $value:ty) => {
        impl $name {
            /// Sets a header, in place of one that the client would send. A hook
            /// ([`on_request`](crate::ClientBuilder::on_request)) comes after. Credentials and headers
            /// of the connection cannot be set: the call then ends with an error.
            pub fn $header(
                mut self,
                name: impl ::std::convert::AsRef<str>,
                value: impl ::std::convert::AsRef<str>,
            ) -> Self {
                self.options.header(name.as_ref(), value.as_ref());
                self
            }

            /// The time of this call, with all attempts and the waits between them, instead of the
            /// client's.
            pub fn $timeout(mut self, timeout: ::std::time::Duration) -> Self {
                self.options.set_timeout(timeout);
                self
            }
        }

        /// Shows the name alone: values can be personal.
        impl ::std::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.debug_struct(::std::stringify!($name))
                    .finish_non_exhaustive()
            }
        }

        /// `.await` sends the request, as `send` does.
        impl ::std::future::IntoFuture for $name {
            type Output = ::std::result::Result<$crate::ResponseValue<$value>, $crate::Error>;
            type IntoFuture = $crate::CallFuture<$value>;

            fn into_future(self) -> Self::IntoFuture {
                ::std::boxed::Box::pin(self.send())
            }
        }
    };
}

pub(crate) use request_builder;
