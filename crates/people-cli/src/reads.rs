//! Reading several people at the same time: the options, the order, and when reading stops. What is made
//! of each answer belongs to the commands.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use people_sdk::Client;
use tokio::sync::oneshot;
use tokio::task::JoinSet;

use crate::connection::Connection;
use crate::exit::{Exit, Failure};
use crate::output::{Output, reader_is_gone};
use crate::person_id::PersonId;
use crate::progress::Progress;

/// How often a line of progress is written if standard error is not a terminal.
const PROGRESS_INTERVAL: Duration = Duration::from_secs(30);

#[derive(Debug, Args)]
pub(crate) struct ReadOptions {
    /// Include Webex Calling details, for administrators
    #[arg(long)]
    calling_data: bool,

    /// Number of people that are read at the same time
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..=256))]
    concurrency: u16,

    #[command(flatten)]
    pub(crate) connection: Connection,
}

/// The people that a command line names.
#[derive(Debug)]
pub(crate) struct Ids {
    ids: Vec<PersonId>,
    /// Whether there are several, or can be. Then the failure of one does not end the command.
    pub(crate) are_several: bool,
}

/// The outcome of reading one person. An answer can be of use although it is a failure.
#[derive(Debug)]
pub(crate) struct Read<T> {
    pub(crate) answer: Option<T>,
    pub(crate) failure: Option<Failure>,
}

impl<T> From<Result<T, Failure>> for Read<T> {
    fn from(result: Result<T, Failure>) -> Self {
        let (answer, failure) = match result {
            Ok(answer) => (Some(answer), None),
            Err(failure) => (None, Some(failure)),
        };
        Self { answer, failure }
    }
}

impl ReadOptions {
    /// The people that `words` name; `-` stands for those on standard input.
    pub(crate) fn ids(&self, words: &[String]) -> Result<Ids, Failure> {
        let ids = PersonId::list(words, &self.connection)?;
        Ok(Ids {
            are_several: ids.len() > 1 || words.iter().any(|word| word == "-"),
            ids,
        })
    }

    /// Reads the people with `read`, which gets the client, the id and `--calling-data`, and hands
    /// the answers to `take` in the order of the ids. Failures are reported; the result is the
    /// largest of their exit codes.
    ///
    /// # Errors
    ///
    /// The only person could not be read, or `take` has failed.
    pub(crate) async fn read_each<T, F>(
        &self,
        ids: Ids,
        output: Output,
        verbose: bool,
        read: impl Fn(Arc<Client>, PersonId, bool) -> F,
        mut take: impl FnMut(T) -> Result<(), Failure>,
    ) -> Result<Exit, Failure>
    where
        T: Send + 'static,
        F: Future<Output = Read<T>> + Send + 'static,
    {
        let Ids { ids, are_several } = ids;
        let mut progress = Progress::new(
            "people",
            are_several.then_some(ids.len() as u64),
            if are_several {
                PROGRESS_INTERVAL
            } else {
                Duration::ZERO
            },
            verbose || !are_several,
            output.messages,
        );
        let client = self
            .connection
            .busy_client(output.messages, progress.on_wait())?;
        let client = Arc::new(client);
        let mut ids = ids.into_iter();
        let mut reads = VecDeque::new();
        // Ends the reads under way when it is dropped.
        let mut tasks = JoinSet::new();
        let mut worst = Exit::Ok;
        loop {
            while reads.len() < usize::from(self.concurrency)
                && let Some(id) = ids.next()
            {
                let read = read(Arc::clone(&client), id.clone(), self.calling_data);
                let (sender, receiver) = oneshot::channel();
                tasks.spawn(async move {
                    // Without a receiver, the command is about to end.
                    let _ = sender.send(read.await);
                });
                reads.push_back((id, receiver));
            }
            let Some((id, receiver)) = reads.pop_front() else {
                break;
            };
            let read = receiver.await;
            // What a finished read leaves behind is dropped, so that memory does not grow with the ids.
            while tasks.try_join_next().is_some() {}
            let Read { answer, failure } =
                read.map_err(|error| Failure::new(Exit::Other, error))?;
            if let Some(answer) = answer {
                progress.suspend(|| take(answer))?;
            }
            progress.advance(failure.is_some());
            match failure {
                Some(failure) if are_several => {
                    worst = worst.max(failure.exit);
                    // All further calls would end in the same failure.
                    let is_last = failure.abort_reason(self.connection.max_delay()).is_some();
                    let mut failure = failure.about(&id);
                    let left = ids.len() + reads.len();
                    if is_last && left > 0 {
                        let people = if left == 1 { "person" } else { "people" };
                        failure =
                            failure.about(format_args!("stopped, with {left} {people} not read"));
                    }
                    progress.suspend(|| failure.report(output.messages));
                    if is_last {
                        break;
                    }
                }
                Some(failure) => return Err(failure),
                None => {}
            }
            progress.update();
            if reader_is_gone() {
                break;
            }
        }
        progress.finish();
        Ok(worst)
    }
}
