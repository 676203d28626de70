//! The signals that ask a command to end: interrupt, terminate and hang-up.

use std::io;

use crate::exit::{Exit, Failure};

/// A signal that asks a command to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StopSignal {
    /// From the keyboard: all programs in the foreground of the terminal receive it.
    Interrupt,
    /// For this program: terminate or hang-up.
    Terminate,
}

/// Receives every such signal from now on. None is lost between two calls of `next`, and none ends
/// the process by itself.
pub(crate) struct StopSignals {
    #[cfg(unix)]
    listeners: [tokio::signal::unix::Signal; 3],
    #[cfg(windows)]
    listener: tokio::signal::windows::CtrlC,
}

impl StopSignals {
    /// Starts to listen.
    pub(crate) fn listen() -> Result<Self, Failure> {
        Self::new().map_err(|error| Failure::new(Exit::Other, error))
    }

    #[cfg(unix)]
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};

        Ok(Self {
            listeners: [
                signal(SignalKind::interrupt())?,
                signal(SignalKind::terminate())?,
                signal(SignalKind::hangup())?,
            ],
        })
    }

    #[cfg(windows)]
    fn new() -> io::Result<Self> {
        Ok(Self {
            listener: tokio::signal::windows::ctrl_c()?,
        })
    }

    /// Waits for the next signal.
    #[cfg(unix)]
    pub(crate) async fn next(&mut self) -> StopSignal {
        let [interrupt, terminate, hangup] = &mut self.listeners;
        let received = tokio::select! {
            it = interrupt.recv() => it.map(|()| StopSignal::Interrupt),
            it = terminate.recv() => it.map(|()| StopSignal::Terminate),
            it = hangup.recv() => it.map(|()| StopSignal::Terminate),
        };
        match received {
            Some(signal) => signal,
            // No further signal can arrive.
            None => std::future::pending().await,
        }
    }

    /// Waits for the next signal.
    #[cfg(windows)]
    pub(crate) async fn next(&mut self) -> StopSignal {
        match self.listener.recv().await {
            Some(()) => StopSignal::Interrupt,
            None => std::future::pending().await,
        }
    }
}
