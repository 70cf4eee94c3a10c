//! S3: objects by path and headers, lists as XML.

use bytes::Bytes;
use hyper::{HeaderMap, Method};
use roxmltree::Node;
use serde_json::{Map, Value};

use super::{Outgoing, escape, json::text};

/// What can be asked of S3.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operation {
    GetObject,
    HeadObject,
    PutObject,
    CopyObject,
    DeleteObject,
    ListObjects,
    ListObjectsV2,
}

/// Members that are parameters of the query, with their names there.
const IN_QUERY: [(&str, &str); 11] = [
    ("ContinuationToken", "continuation-token"),
    ("Delimiter", "delimiter"),
    ("EncodingType", "encoding-type"),
    ("FetchOwner", "fetch-owner"),
    ("Marker", "marker"),
    ("MaxKeys", "max-keys"),
    ("PartNumber", "partNumber"),
    ("Prefix", "prefix"),
    ("ResponseContentType", "response-content-type"),
    ("StartAfter", "start-after"),
    ("VersionId", "versionId"),
];

/// Members that are headers, with their names there.
const IN_HEADERS: [(&str, &str); 23] = [
    ("Acl", "x-amz-acl"),
    ("CacheControl", "cache-control"),
    ("ChecksumAlgorithm", "x-amz-sdk-checksum-algorithm"),
    ("ContentDisposition", "content-disposition"),
    ("ContentEncoding", "content-encoding"),
    ("ContentLanguage", "content-language"),
    ("ContentType", "content-type"),
    ("CopySource", "x-amz-copy-source"),
    ("CopySourceIfMatch", "x-amz-copy-source-if-match"),
    ("CopySourceIfNoneMatch", "x-amz-copy-source-if-none-match"),
    ("ExpectedBucketOwner", "x-amz-expected-bucket-owner"),
    ("Expires", "expires"),
    ("IfMatch", "if-match"),
    ("IfModifiedSince", "if-modified-since"),
    ("IfNoneMatch", "if-none-match"),
    ("IfUnmodifiedSince", "if-unmodified-since"),
    ("MetadataDirective", "x-amz-metadata-directive"),
    ("Range", "range"),
    ("RequestPayer", "x-amz-request-payer"),
    ("ServerSideEncryption", "x-amz-server-side-encryption"),
    ("StorageClass", "x-amz-storage-class"),
    ("Tagging", "x-amz-tagging"),
    ("TaggingDirective", "x-amz-tagging-directive"),
];

/// Headers of every answer about an object, with the names of the members they become.
const OF_OBJECTS: [(&str, &str); 8] = [
    ("x-amz-checksum-crc32", "ChecksumCRC32"),
    ("x-amz-checksum-crc64nvme", "ChecksumCRC64NVME"),
    ("x-amz-checksum-type", "ChecksumType"),
    ("x-amz-delete-marker", "DeleteMarker"),
    ("etag", "ETag"),
    ("x-amz-expiration", "Expiration"),
    ("x-amz-server-side-encryption", "ServerSideEncryption"),
    ("x-amz-version-id", "VersionId"),
];

/// Headers of an object that was asked for itself.
const OF_CONTENT: [(&str, &str); 11] = [
    ("accept-ranges", "AcceptRanges"),
    ("cache-control", "CacheControl"),
    ("content-disposition", "ContentDisposition"),
    ("content-encoding", "ContentEncoding"),
    ("content-language", "ContentLanguage"),
    ("content-length", "ContentLength"),
    ("content-range", "ContentRange"),
    ("content-type", "ContentType"),
    ("last-modified", "LastModified"),
    ("x-amz-storage-class", "StorageClass"),
    ("x-amz-tagging-count", "TagCount"),
];

/// Codes for which the service's model has an error of its own.
const MODELLED: [&str; 6] = [
    "BucketAlreadyExists",
    "BucketAlreadyOwnedByYou",
    "InvalidObjectState",
    "NoSuchBucket",
    "NoSuchKey",
    "ObjectNotInActiveTierError",
];

impl Operation {
    /// The operation that a resource such as `…:getObject` names.
    pub(super) fn named(verb: &str) -> Option<Self> {
        Some(match verb {
            "getObject" => Self::GetObject,
            "headObject" => Self::HeadObject,
            "putObject" => Self::PutObject,
            "copyObject" => Self::CopyObject,
            "deleteObject" => Self::DeleteObject,
            "listObjects" => Self::ListObjects,
            "listObjectsV2" => Self::ListObjectsV2,
            _ => return None,
        })
    }

    /// The request; the error names the parameter that is missing or cannot be passed on.
    pub(super) fn request(self, parameters: &Value) -> Result<Outgoing, String> {
        let none = Map::new();
        let given = parameters.as_object().unwrap_or(&none);
        let lists = matches!(self, Self::ListObjects | Self::ListObjectsV2);
        let needed = |name: &str| {
            let value = given.get(name).filter(|value| !value.is_null());
            value
                .map(text)
                .ok_or_else(|| format!("`{name}` is missing"))
        };
        let bucket = needed(
            if self == Self::CopyObject && given.contains_key("DestinationBucket") {
                "DestinationBucket"
            } else {
                "Bucket"
            },
        )?;
        let mut path = format!("/{}", escape(&bucket, ""));
        if !lists {
            let key = if self == Self::CopyObject && given.contains_key("DestinationKey") {
                "DestinationKey"
            } else {
                "Key"
            };
            path.push('/');
            path.push_str(&escape(&needed(key)?, "/"));
        }
        let mut query = Vec::new();
        if self == Self::ListObjectsV2 {
            query.push("list-type=2".to_owned());
        }
        let (mut headers, mut body) = (Vec::new(), Bytes::new());
        for (name, value) in given.iter().filter(|(_, value)| !value.is_null()) {
            let find = |table: &[(&str, &'static str)]| {
                let found = table.iter().find(|(member, _)| member == name);
                found.map(|(_, wire)| *wire)
            };
            match &**name {
                "Bucket" | "DestinationBucket" => {}
                "Key" | "DestinationKey" if !lists => {}
                "Body" if self == Self::PutObject => body = text(value).into(),
                "Metadata" if matches!(self, Self::PutObject | Self::CopyObject) => {
                    let entries = value.as_object().into_iter().flatten();
                    headers.extend(
                        entries.map(|(key, value)| (format!("x-amz-meta-{key}"), text(value))),
                    );
                }
                _ => match (find(&IN_QUERY), find(&IN_HEADERS)) {
                    (Some(wire), _) => query.push(format!("{wire}={}", escape(&text(value), ""))),
                    (None, Some(wire)) => headers.push((wire.to_owned(), text(value))),
                    (None, None) => {
                        return Err(format!(
                            "its parameter `{name}` is not among those that are passed on"
                        ));
                    }
                },
            }
        }
        if !query.is_empty() {
            path.push('?');
            path.push_str(&query.join("&"));
        }
        let method = match self {
            Self::GetObject | Self::ListObjects | Self::ListObjectsV2 => Method::GET,
            Self::HeadObject => Method::HEAD,
            Self::PutObject | Self::CopyObject => Method::PUT,
            Self::DeleteObject => Method::DELETE,
        };
        Ok(Outgoing {
            method,
            target: path,
            headers,
            body,
        })
    }

    /// A task's result; the error says what is wrong with the answer.
    pub(super) fn result(self, headers: &HeaderMap, body: &[u8]) -> Result<Value, String> {
        let mut fields = Map::new();
        let parsed = |read: fn(Node<'_, '_>) -> Value| -> Result<Value, String> {
            let text = std::str::from_utf8(body).map_err(|error| error.to_string())?;
            let document = roxmltree::Document::parse(text).map_err(|error| error.to_string())?;
            Ok(read(document.root_element()))
        };
        match self {
            Self::ListObjects | Self::ListObjectsV2 => return parsed(list),
            Self::GetObject | Self::HeadObject => {
                take(&mut fields, headers, &OF_CONTENT);
                take(&mut fields, headers, &OF_OBJECTS);
                let own = headers.iter().filter_map(|(name, value)| {
                    let name = name.as_str().strip_prefix("x-amz-meta-")?;
                    Some((
                        name.to_owned(),
                        String::from_utf8_lossy(value.as_bytes()).into(),
                    ))
                });
                fields.insert("Metadata".to_owned(), Value::Object(own.collect()));
            }
            Self::PutObject | Self::DeleteObject => take(&mut fields, headers, &OF_OBJECTS),
            Self::CopyObject => {
                take(&mut fields, headers, &OF_OBJECTS);
                fields.remove("ETag");
                fields.insert("CopyObjectResult".to_owned(), parsed(list)?);
            }
        }
        if self == Self::GetObject {
            fields.insert("Body".to_owned(), String::from_utf8_lossy(body).into());
        }
        Ok(Value::Object(fields))
    }

    /// The code of an error that came without a body, as answers to `HEAD` do.
    pub(super) fn silent_error(status: u16) -> &'static str {
        match status {
            404 => "NoSuchKey",
            _ => "S3",
        }
    }
}

/// The name of the error for a code.
pub(super) fn error(code: &str) -> Option<String> {
    MODELLED.contains(&code).then(|| format!("{code}Exception"))
}

fn take(fields: &mut Map<String, Value>, headers: &HeaderMap, table: &[(&str, &str)]) {
    for (header, name) in table {
        let Some(value) = headers.get(*header) else {
            continue;
        };
        let text = String::from_utf8_lossy(value.as_bytes());
        fields.insert((*name).to_owned(), member(name, &text));
    }
}

/// A value by its member's name: S3 writes everything as text.
fn member(name: &str, text: &str) -> Value {
    match name {
        "ContentLength" | "KeyCount" | "MaxKeys" | "Size" | "TagCount" => {
            text.parse::<i64>().map_or(text.into(), Value::from)
        }
        "IsTruncated" | "DeleteMarker" => text.parse::<bool>().map_or(text.into(), Value::from),
        "LastModified" => time(text).into(),
        _ => text.into(),
    }
}

/// A list of objects (or the result of a copy).
fn list(node: Node<'_, '_>) -> Value {
    let mut fields = Map::new();
    for child in node.children().filter(Node::is_element) {
        let name = child.tag_name().name();
        let shown = if child.children().any(|inner| inner.is_element()) {
            list(child)
        } else {
            member(name, child.text().unwrap_or_default())
        };
        if matches!(name, "Contents" | "CommonPrefixes") {
            let all = fields
                .entry(name)
                .or_insert_with(|| Value::Array(Vec::new()));
            if let Some(all) = all.as_array_mut() {
                all.push(shown);
            }
        } else {
            fields.insert(name.to_owned(), shown);
        }
    }
    Value::Object(fields)
}

/// ISO 8601 for a time in the form of HTTP (`Thu, 18 Apr 2024 06:27:01 GMT`); anything else without a needless fraction.
fn time(text: &str) -> String {
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let words: Vec<&str> = text.split(' ').collect();
    if let [_, day, month, year, clock, "GMT"] = words[..]
        && let Some(month) = MONTHS.iter().position(|name| *name == month)
    {
        return format!("{year}-{:02}-{day}T{clock}Z", month + 1);
    }
    text.replace(".000Z", "Z")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(verb: &str, parameters: Value, expected: &str) {
        let operation = Operation::named(verb).expect("an operation");
        let shown = match operation.request(&parameters) {
            Ok(out) => {
                let headers = out
                    .headers
                    .iter()
                    .map(|(name, value)| format!(" {name}={value}"));
                let body = String::from_utf8_lossy(&out.body).into_owned();
                format!(
                    "{} {}{} {body}",
                    out.method,
                    out.target,
                    headers.collect::<String>()
                )
            }
            Err(why) => why,
        };
        assert_eq!(shown.trim_end(), expected);
    }

    #[test]
    fn requests() {
        check(
            "getObject",
            json!({"Bucket": "b", "Key": "a b/c", "Range": "bytes=0-1"}),
            "GET /b/a%20b/c range=bytes=0-1",
        );
        check(
            "putObject",
            json!({"Bucket": "b", "Key": "k", "Body": {"a": false}, "Metadata": {"m": "1"}}),
            "PUT /b/k x-amz-meta-m=1 {\"a\":false}",
        );
        check(
            "listObjectsV2",
            json!({"Bucket": "b", "Prefix": "p/"}),
            "GET /b?list-type=2&prefix=p%2F",
        );
        check(
            "copyObject",
            json!({"Bucket": "b", "Key": "k", "CopySource": "x/y"}),
            "PUT /b/k x-amz-copy-source=x/y",
        );
        check("getObject", json!({"Bucket": "b"}), "`Key` is missing");
        check(
            "getObject",
            json!({"Bucket": "b", "Key": "k", "Cake": 1}),
            "its parameter `Cake` is not among those that are passed on",
        );
    }

    #[test]
    fn lists_are_read() {
        let xml = "<ListBucketResult xmlns='http://s3.amazonaws.com/doc/2006-03-01/'><Name>b</Name><IsTruncated>false\
                   </IsTruncated><KeyCount>1</KeyCount><Contents><Key>k</Key><Size>3</Size><LastModified>\
                   2024-04-18T06:27:01.000Z</LastModified></Contents></ListBucketResult>";
        let result = Operation::ListObjectsV2.result(&HeaderMap::new(), xml.as_bytes());
        assert_eq!(
            result,
            Ok(json!({"Name": "b", "IsTruncated": false, "KeyCount": 1,
                "Contents": [{"Key": "k", "Size": 3, "LastModified": "2024-04-18T06:27:01Z"}]}))
        );
    }

    #[test]
    fn times_of_headers() {
        assert_eq!(
            time("Thu, 18 Apr 2024 06:27:01 GMT"),
            "2024-04-18T06:27:01Z"
        );
    }
}
