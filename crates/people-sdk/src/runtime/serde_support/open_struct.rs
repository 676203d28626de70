//! Generated objects: what one line per property says about reading, writing and showing them.

/// The implementations of a generated object, from one line per property.
///
/// `"property" => field, required;`, or `optional`: absent and null are its default, and so is a value
/// that cannot be read, which is kept. `required_or_null` is `None` for null, and is written as null.
/// `boolean_or_text`, `optional_boolean_or_text` and `boolean_or_text_or_null` are the same for `bool`
/// fields whose values are also spelled as text.
///
/// What could be a name of the contract begins with `__` here, which none of its names does: a schema
/// can be called `D`.
macro_rules! open_struct {
    (
        $name:ident($extra:ident, $unparsed:ident);
        $($property:literal => $field:ident, $kind:ident;)*
    ) => {
        impl $name {
            /// The properties that the contract lists.
            pub const PROPERTIES: &'static [&'static str] = &[$($property),*];

            /// Reads JSON that a service has sent, as the client reads a response. `Deserialize` gives
            /// the same value from any deserializer, and takes longer: it goes through the text once
            /// more.
            ///
            /// # Errors
            ///
            /// The text is not JSON, or a required property is missing or cannot be read; the error
            /// has its path.
            pub fn from_json(json: &str) -> ::std::result::Result<Self, ::serde_json::Error> {
                Ok($crate::runtime::serde_support::json_type::from_text(json)?)
            }

            /// Reads JSON that a person has written. [`from_json`](Self::from_json) takes what a
            /// service sends and keeps values of unexpected forms; this refuses them.
            ///
            /// # Errors
            ///
            /// The text is not JSON, or a property has another form than the contract promises:
            /// the first one, by its path.
            pub fn from_json_strict(
                json: &str,
            ) -> ::std::result::Result<Self, ::serde_json::Error> {
                $crate::runtime::serde_support::json_type::from_text_strict(json)
            }

            /// This value as JSON in `Debug`, which otherwise shows no value. For tests: a failed
            /// `assert_eq!(person.reveal(), other.reveal())` shows what differs, one property per line.
            /// It shows personal data, so it belongs in no log.
            #[must_use]
            pub fn reveal(&self) -> $crate::Revealed<'_, Self> {
                $crate::Revealed(self)
            }

            /// Where a recorded body differs from the contract, as
            /// [`ResponseValue::deviations`](crate::ResponseValue::deviations) does for a live one. A
            /// body that cannot be read at all has one more deviation, which says why.
            #[must_use]
            pub fn deviations_in(json: &str) -> ::std::vec::Vec<$crate::Deviation> {
                $crate::runtime::serde_support::json_type::deviations_in::<Self>(json)
            }
        }

        impl $crate::runtime::serde_support::JsonType for $name {
            const EXPECTED: &'static str = "an object";

            fn read<'de, __D: ::serde::Deserializer<'de>>(
                deserializer: __D,
            ) -> ::std::result::Result<Self, __D::Error> {
                #[allow(non_camel_case_types, reason = "named for the fields")]
                enum __Property {
                    $($field,)*
                    __Unlisted(::std::string::String),
                }

                struct __Name;

                impl ::serde::de::Visitor<'_> for __Name {
                    type Value = __Property;

                    fn expecting(
                        &self,
                        f: &mut ::std::fmt::Formatter<'_>,
                    ) -> ::std::fmt::Result {
                        f.write_str("the name of a property")
                    }

                    fn visit_str<__E: ::serde::de::Error>(
                        self,
                        name: &str,
                    ) -> ::std::result::Result<__Property, __E> {
                        Ok(match name {
                            $($property => __Property::$field,)*
                            _ => __Property::__Unlisted(name.to_owned()),
                        })
                    }
                }

                impl<'de> ::serde::Deserialize<'de> for __Property {
                    fn deserialize<__D: ::serde::Deserializer<'de>>(
                        deserializer: __D,
                    ) -> ::std::result::Result<Self, __D::Error> {
                        deserializer.deserialize_identifier(__Name)
                    }
                }

                struct __Properties;

                impl<'de> ::serde::de::Visitor<'de> for __Properties {
                    type Value = $name;

                    fn expecting(
                        &self,
                        f: &mut ::std::fmt::Formatter<'_>,
                    ) -> ::std::fmt::Result {
                        f.write_str("an object")
                    }

                    fn visit_map<__A: ::serde::de::MapAccess<'de>>(
                        self,
                        mut __map: __A,
                    ) -> ::std::result::Result<$name, __A::Error> {
                        $(let mut $field = None;)*
                        let mut __unlisted = ::serde_json::Map::new();
                        while let Some(__property) = __map.next_key()? {
                            match __property {
                                $(__Property::$field => {
                                    if $field.is_some() {
                                        return Err(::serde::de::Error::duplicate_field($property));
                                    }
                                    $field = Some(
                                        $crate::runtime::serde_support::open_struct!(
                                            @read $kind __map
                                        ),
                                    );
                                })*
                                __Property::__Unlisted(__name) => {
                                    let $crate::runtime::serde_support::json_type::Exact(__value) =
                                        __map.next_value()?;
                                    __unlisted.insert(__name, __value);
                                }
                            }
                        }
                        Ok($name {
                            $($field: $crate::runtime::serde_support::open_struct!(
                                @value $kind $field,
                                ::serde::de::Error::missing_field($property)
                            ),)*
                            $extra: __unlisted,
                            $unparsed: ::std::default::Default::default(),
                        })
                    }
                }

                deserializer.deserialize_map(__Properties)
            }

            fn read_lenient(
                json: &::serde_json::value::RawValue,
                __report: &mut $crate::runtime::serde_support::Report,
            ) -> ::std::result::Result<Self, $crate::runtime::serde_support::Mismatch> {
                $(let mut $field = None;)*
                let mut __extra = ::serde_json::Map::new();
                let mut __unparsed =
                    $crate::runtime::serde_support::unparsed::UnparsedProperties::default();
                let __properties =
                    $crate::runtime::serde_support::json_type::properties(json, __report)?;
                for (__name, __json) in __properties {
                    match __name.text() {
                        $(::std::option::Option::Some($property) => {
                            $field = Some($crate::runtime::serde_support::open_struct!(
                                @lenient $kind $property __json __report __unparsed
                            ));
                        })*
                        _ => $crate::runtime::serde_support::json_type::unlisted_property(
                            __name,
                            __json,
                            __report,
                            &mut __extra,
                            &mut __unparsed,
                        ),
                    }
                }
                Ok($name {
                    $($field: $crate::runtime::serde_support::open_struct!(
                        @value $kind $field,
                        __report.missing($property)
                    ),)*
                    $extra: __extra,
                    $unparsed: __unparsed,
                })
            }

            fn write<__S: ::serde::Serializer>(
                &self,
                serializer: __S,
            ) -> ::std::result::Result<__S::Ok, __S::Error> {
                struct __Decodable<'a>(&'a $name);

                impl ::serde::Serialize for __Decodable<'_> {
                    fn serialize<__S: ::serde::Serializer>(
                        &self,
                        serializer: __S,
                    ) -> ::std::result::Result<__S::Ok, __S::Error> {
                        use ::serde::ser::SerializeMap as _;
                        use $crate::runtime::serde_support::JsonType as _;

                        let __object = self.0;
                        let mut __map = serializer.serialize_map(None)?;
                        $(if $crate::runtime::serde_support::open_struct!(
                            @is_written $kind __object.$field
                        ) {
                            __map.serialize_entry(
                                $property,
                                &$crate::runtime::serde_support::json_type::Written(
                                    &__object.$field,
                                ),
                            )?;
                        })*
                        for (__name, __value) in &__object.$extra {
                            __map.serialize_entry(__name, __value)?;
                        }
                        __object.$unparsed.write(&mut __map, |__name| match __name {
                            $($property => !__object.$field.is_absent(),)*
                            _ => __object.$extra.contains_key(__name),
                        })?;
                        __map.end()
                    }
                }

                self.$unparsed.write_with_undecodable(&__Decodable(self), serializer)
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<__D: ::serde::Deserializer<'de>>(
                deserializer: __D,
            ) -> ::std::result::Result<Self, __D::Error> {
                $crate::runtime::serde_support::json_type::deserialize(deserializer)
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<__S: ::serde::Serializer>(
                &self,
                serializer: __S,
            ) -> ::std::result::Result<__S::Ok, __S::Error> {
                $crate::runtime::serde_support::JsonType::write(self, serializer)
            }
        }

        impl ::std::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                use $crate::runtime::serde_support::JsonType as _;

                $crate::runtime::redact::debug(
                    f,
                    stringify!($name),
                    &[
                        $(($property, !self.$field.is_absent()),)*
                        (stringify!($extra), !self.$extra.is_empty()),
                        (stringify!($unparsed), !self.$unparsed.is_empty()),
                    ],
                )
            }
        }
    };
    (@read boolean_or_text $map:ident) => {
        bool::from($map.next_value::<$crate::runtime::serde_support::BooleanOrText>()?)
    };
    (@read optional_boolean_or_text $map:ident) => {
        $map.next_value::<::std::option::Option<$crate::runtime::serde_support::BooleanOrText>>()?
            .map(bool::from)
    };
    (@read boolean_or_text_or_null $map:ident) => {
        $crate::runtime::serde_support::open_struct!(@read optional_boolean_or_text $map)
    };
    (@read $kind:ident $map:ident) => {
        $map.next_value_seed($crate::runtime::serde_support::json_type::seed())?
    };
    (@lenient required $property:literal $json:ident $report:ident $unparsed:ident) => {
        $report.in_property($property, |report| {
            $crate::runtime::serde_support::JsonType::read_lenient($json, report)
        })?
    };
    (@lenient required_or_null $($rest:tt)*) => {
        $crate::runtime::serde_support::open_struct!(@lenient required $($rest)*)
    };
    (@lenient boolean_or_text $property:literal $json:ident $report:ident $unparsed:ident) => {
        bool::from($report.in_property($property, |report| {
            <$crate::runtime::serde_support::BooleanOrText as
                $crate::runtime::serde_support::JsonType>::read_lenient($json, report)
        })?)
    };
    (@lenient optional $property:literal $json:ident $report:ident $unparsed:ident) => {
        $crate::runtime::serde_support::json_type::optional_property(
            $property, $json, $report, &mut $unparsed,
        )
    };
    (
        @lenient boolean_or_text_or_null
        $property:literal $json:ident $report:ident $unparsed:ident
    ) => {
        $report.in_property($property, |report| {
            <::std::option::Option<$crate::runtime::serde_support::BooleanOrText> as
                $crate::runtime::serde_support::JsonType>::read_lenient($json, report)
        })?.map(bool::from)
    };
    (
        @lenient optional_boolean_or_text
        $property:literal $json:ident $report:ident $unparsed:ident
    ) => {
        $crate::runtime::serde_support::json_type::optional_property::<
            ::std::option::Option<$crate::runtime::serde_support::BooleanOrText>,
        >($property, $json, $report, &mut $unparsed)
        .map(bool::from)
    };
    (@is_written required_or_null $value:expr) => {
        true
    };
    (@is_written boolean_or_text_or_null $value:expr) => {
        true
    };
    (@is_written $kind:ident $value:expr) => {
        !$value.is_absent()
    };
    (@value optional $value:ident, $missing:expr) => {
        $value.unwrap_or_default()
    };
    (@value optional_boolean_or_text $value:ident, $missing:expr) => {
        $value.unwrap_or_default()
    };
    (@value $kind:ident $value:ident, $missing:expr) => {
        $value.ok_or_else(|| $missing)?
    };
}
pub(crate) use open_struct;

/// A generated type that is read and written by what serde derives for it.
macro_rules! by_serde {
    ($name:ident) => {
        impl $crate::runtime::serde_support::JsonType for $name {
            const EXPECTED: &'static str = concat!("a value of the type ", stringify!($name));

            fn read<'de, D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                ::serde::Deserialize::deserialize(deserializer)
            }

            fn write<S: ::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                ::serde::Serialize::serialize(self, serializer)
            }
        }
    };
}
pub(crate) use by_serde;

/// A generated type around another one, read and written as that.
macro_rules! transparent {
    ($name:ident, $inner:ty) => {
        impl $crate::runtime::serde_support::JsonType for $name {
            const EXPECTED: &'static str =
                <$inner as $crate::runtime::serde_support::JsonType>::EXPECTED;

            fn read<'de, D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                $crate::runtime::serde_support::JsonType::read(deserializer).map(Self)
            }

            fn read_lenient(
                json: &::serde_json::value::RawValue,
                report: &mut $crate::runtime::serde_support::Report,
            ) -> ::std::result::Result<Self, $crate::runtime::serde_support::Mismatch> {
                $crate::runtime::serde_support::JsonType::read_lenient(json, report).map(Self)
            }

            fn write<S: ::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                $crate::runtime::serde_support::JsonType::write(&self.0, serializer)
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                <$inner as ::serde::Deserialize>::deserialize(deserializer).map(Self)
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                ::serde::Serialize::serialize(&self.0, serializer)
            }
        }
    };
}
pub(crate) use transparent;
