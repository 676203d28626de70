//! Ctrl-C, for commands that end in their own way.

use std::io;

#[cfg(unix)]
use tokio::signal::unix::{Signal as Listener, SignalKind, signal};
#[cfg(windows)]
use tokio::signal::windows::{CtrlC as Listener, ctrl_c};

use crate::exit::{Exit, Failure};

/// Every interrupt from now on: none is lost between two looks, and none ends the process by
/// itself.
pub(crate) struct Interrupts(Listener);

impl Interrupts {
    pub(crate) fn listen() -> Result<Self, Failure> {
        listener()
            .map(Self)
            .map_err(|error| Failure::new(Exit::Other, error))
    }

    pub(crate) async fn next(&mut self) {
        if self.0.recv().await.is_none() {
            // There are no more, so there is nothing to wait for.
            std::future::pending::<()>().await;
        }
    }
}

#[cfg(unix)]
fn listener() -> io::Result<Listener> {
    signal(SignalKind::interrupt())
}

#[cfg(windows)]
fn listener() -> io::Result<Listener> {
    ctrl_c()
}
