//! `people id`: the parts of an id, and an id from a UUID. Sends nothing.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use clap::Args;
use serde::Serialize;

use crate::exit::{Exit, Failure};
use crate::output::Output;

/// The start of every decoded id.
const SCHEME: &str = "ciscospark://";

#[derive(Debug, Args)]
pub(crate) struct Id {
    /// Ids of the service, as they are or decoded from base64, or UUIDs
    #[arg(value_name = "ID", required = true)]
    ids: Vec<String>,

    /// Cluster of the id that is made from a UUID
    #[arg(long, value_name = "CLUSTER", default_value = "us")]
    cluster: String,
}

/// The parts of an id.
#[derive(Debug, Serialize)]
struct Parts {
    id: String,
    cluster: String,
    /// What the id is of: `PEOPLE`, `ORGANIZATION`, `LICENSE`.
    kind: String,
    uuid: String,
}

impl Id {
    pub(crate) fn run(&self, output: Output) -> Result<Exit, Failure> {
        for (index, id) in self.ids.iter().enumerate() {
            let parts = if is_uuid(id) {
                Parts::of_person(&self.cluster, id)
            } else {
                Parts::read(id)?
            };
            output.value(&parts, index, self.ids.len() > 1)?;
        }
        Ok(Exit::Ok)
    }
}

impl Parts {
    fn of_person(cluster: &str, uuid: &str) -> Self {
        let uuid = uuid.to_ascii_lowercase();
        let uri = format!("{SCHEME}{cluster}/PEOPLE/{uuid}");
        Self {
            id: URL_SAFE_NO_PAD.encode(uri),
            cluster: cluster.to_owned(),
            kind: "PEOPLE".to_owned(),
            uuid,
        }
    }

    fn read(id: &str) -> Result<Self, Failure> {
        let invalid = || {
            Failure::usage(format_args!("`{id}` is not an id"))
                .help("an id is `ciscospark://CLUSTER/KIND/UUID`, mostly in base64, or a UUID")
        };
        let (id, uri) = if id.starts_with(SCHEME) {
            (URL_SAFE_NO_PAD.encode(id), id.to_owned())
        } else {
            let encoded = id.trim_end_matches('=');
            let decoded = URL_SAFE_NO_PAD
                .decode(encoded)
                .or_else(|_| STANDARD_NO_PAD.decode(encoded));
            let decoded = decoded.map_err(|_| invalid())?;
            (
                id.to_owned(),
                String::from_utf8(decoded).map_err(|_| invalid())?,
            )
        };
        let rest = uri.strip_prefix(SCHEME).ok_or_else(invalid)?;
        let mut parts = rest.splitn(3, '/');
        match (parts.next(), parts.next(), parts.next()) {
            (Some(cluster), Some(kind), Some(uuid)) if !uuid.is_empty() => Ok(Self {
                id,
                cluster: cluster.to_owned(),
                kind: kind.to_owned(),
                uuid: uuid.to_owned(),
            }),
            _ => Err(invalid()),
        }
    }
}

fn is_uuid(text: &str) -> bool {
    let lengths = text.split('-').map(str::len);
    lengths.eq([8, 4, 4, 4, 12]) && text.bytes().all(|it| it == b'-' || it.is_ascii_hexdigit())
}
