//! `CloudFront`, as moto plays it: what it is told to forget after a publish.

use crate::desk::{DONE, Desk, FINDINGS};
use crate::servers::{Server, moto};
use std::process::Command;

/// A site whose target is a folder, and a distribution before it.
struct Wire {
    server: Server,
    distribution: String,
    desk: Desk,
}

/// Asks moto's `CloudFront` something by Amazon's own library.
fn ask(server: &Server, script: &str, argument: &str) -> String {
    let whole = format!(
        "import boto3, sys\nc = boto3.client('cloudfront', region_name='us-east-1', aws_access_key_id='tester', \
         aws_secret_access_key='secretword', endpoint_url=sys.argv[1])\nargument = sys.argv[2]\n{script}"
    );
    let url = format!("http://127.0.0.1:{}", server.port);
    let done = Command::new("python3").args(["-c", &whole, &url, argument]).output().expect("python3");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).expect("UTF-8").trim().to_owned()
}

impl Wire {
    fn new(more: &str) -> Self {
        let server = moto("news");
        let script = "
origin = {'Id': 'o', 'DomainName': 'news.s3.amazonaws.com', 'S3OriginConfig': {'OriginAccessIdentity': ''}}
behavior = {'TargetOriginId': 'o', 'ViewerProtocolPolicy': 'allow-all', 'MinTTL': 0,
            'ForwardedValues': {'QueryString': False, 'Cookies': {'Forward': 'none'}}}
made = c.create_distribution(DistributionConfig={'CallerReference': 'r', 'Origins': {'Quantity': 1, 'Items': [origin]},
    'DefaultCacheBehavior': behavior, 'Comment': '', 'Enabled': True})
print(made['Distribution']['Id'])";
        let distribution = ask(&server, script, "");
        let desk = Desk::site()
            .with("AWS_ENDPOINT_URL_CLOUDFRONT", &format!("http://127.0.0.1:{}", server.port))
            .with("AWS_ACCESS_KEY_ID", "tester")
            .with("AWS_SECRET_ACCESS_KEY", "secretword")
            .with("AWS_SESSION_TOKEN", "tokenword");
        let text = desk.read("site.toml");
        let to = desk.top("www").display().to_string();
        let purge = format!("[publish.here.purge]\ncloudfront = \"{distribution}\"\n{more}");
        desk.write("site.toml", format!("{text}\n[publish.here]\nto = \"file://{to}\"\n{purge}"));
        Self { server, distribution, desk }
    }

    /// What it was told to forget, each time on a line, in no order.
    fn told(&self) -> Vec<Vec<String>> {
        let script = "
for item in c.list_invalidations(DistributionId=argument)['InvalidationList'].get('Items', []):
    batch = c.get_invalidation(DistributionId=argument, Id=item['Id'])['Invalidation']['InvalidationBatch']
    assert batch['CallerReference'], batch
    assert batch['Paths']['Quantity'] == len(batch['Paths']['Items']), batch
    print(' '.join(batch['Paths']['Items']))";
        let said = ask(&self.server, script, &self.distribution);
        said.lines().map(|l| l.split(' ').map(str::to_owned).collect()).collect()
    }
}

#[test]
fn cloudfront_forgets_what_has_changed() {
    let wire = Wire::new("");
    wire.desk.type_in("publish").has(DONE).keeps_quiet_about("warning");
    assert_eq!(wire.told().len(), 1);
    wire.desk.article("told", "A story to tell of", "");
    wire.desk.type_in("publish").has(DONE).keeps_quiet_about("warning").keeps_quiet_about("word");
    let told = wire.told();
    let last = told.iter().find(|paths| paths.iter().any(|p| p.contains("told"))).expect("told of the new page");
    for path in ["/2024/03/told/", "/2024/03/told/index.html", "/", "/index.html", "/feed.xml"] {
        assert!(last.iter().any(|p| p == path), "{path} in {last:?}");
    }
    assert!(!last.iter().any(|p| p.starts_with("/about") || p.starts_with("/assets/")), "{last:?}");
    wire.desk.type_in("publish").has(DONE).says("is up to date");
    assert_eq!(wire.told().len(), 2, "nothing has changed, nothing is told");
}

#[test]
fn cloudfront_forgets_everything_where_too_much_has_changed() {
    let wire = Wire::new("batch = 4\n");
    wire.desk.type_in("publish").has(DONE).keeps_quiet_about("warning");
    assert_eq!(wire.told(), [["/*"]]);
}

#[test]
fn a_distribution_that_cannot_be_told_is_a_warning() {
    let wire = Wire::new("");
    wire.desk.edit("site.toml", &wire.distribution, "NOSUCHONE");
    let said = wire.desk.type_in("publish").has(DONE).says("is live at");
    said.says("warning: CloudFront was not told").says("it answered 404").keeps_quiet_about("word");
}

#[test]
fn a_cache_that_is_not_clear_is_a_finding() {
    for (lines, says) in [
        ("method = \"POST\"", "which cache is to be emptied is not clear"),
        ("cloudfront = \"E1\"\nurl = \"https://x.example.com\"", "which cache is to be emptied is not clear"),
        ("cloudfront = \"../E1\"", "is no distribution of CloudFront"),
        ("cloudfront = \"E1\"\nbatch = 3001", "3001 addresses cannot be sent"),
        ("url = \"$URL\"\nbatch = 10001", "10001 addresses cannot be sent"),
    ] {
        let desk = Desk::site();
        let text = desk.read("site.toml");
        desk.write("site.toml", format!("{text}\n[publish.p]\nto = \"s3://x\"\n[publish.p.purge]\n{lines}\n"));
        desk.type_in("check").has(FINDINGS).says(says).says("site.toml");
    }
}
