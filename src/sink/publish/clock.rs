//! What time it is at a target, heard from the Date of whatever it answers. Never asks for it.

use jiff::{SignedDuration, Timestamp};
use object_store::client::{
    HttpClient, HttpConnector, HttpError, HttpRequest, HttpResponse, HttpService, ReqwestConnector,
};
use object_store::{ClientOptions, Result};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

/// A target's clock less ours, as the last answer had it.
#[derive(Clone, Debug, Default)]
pub struct Heard(Arc<Mutex<Option<SignedDuration>>>);

impl Heard {
    /// None before the first answer, and where answers have no date.
    #[must_use]
    pub fn skew(&self) -> Option<SignedDuration> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn hear(&self, answer: &HttpResponse) {
        let text = |name: &str| answer.headers().get(name)?.to_str().ok();
        // What a cache answers is as old as it says.
        if text("age").is_some() {
            return;
        }
        let date = text("date").and_then(|d| jiff::fmt::rfc2822::parse(d).ok());
        if let Some(date) = date {
            let skew = date.timestamp().duration_since(Timestamp::now());
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(skew);
        }
    }
}

impl HttpConnector for Heard {
    fn connect(&self, options: &ClientOptions) -> Result<HttpClient> {
        let client = ReqwestConnector::default().connect(options)?;
        Ok(HttpClient::new(Listening { client, heard: self.clone() }))
    }
}

/// A client whose answers are listened to.
#[derive(Debug)]
struct Listening {
    client: HttpClient,
    heard: Heard,
}

impl HttpService for Listening {
    fn call<'a, 'b>(
        &'a self,
        request: HttpRequest,
    ) -> Pin<Box<dyn Future<Output = Result<HttpResponse, HttpError>> + Send + 'b>>
    where
        'a: 'b,
        Self: 'b,
    {
        Box::pin(async move {
            let answer = self.client.execute(request).await?;
            self.heard.hear(&answer);
            Ok(answer)
        })
    }
}
