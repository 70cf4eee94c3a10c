//! Whether the process may open as many connections as its polls need.

/// What a process needs besides: its reports, heartbeats, files, and what its steps open.
const SPARE: usize = 64;

/// Warns where the polls leave too little room: a connection that cannot be opened is a poll, or a report, that fails.
pub(super) fn warn(polls: usize) {
    let Some(limit) = open_files() else { return };
    if polls + SPARE > limit {
        tracing::warn!(
            polls,
            limit,
            "each poll keeps a connection open, and this process may have too few open files; \
             raise the limit (`ulimit -n`), or serve fewer steps in one process"
        );
    }
}

/// How many files this process may have open, where the system says it as Linux does.
fn open_files() -> Option<usize> {
    soft_limit(&std::fs::read_to_string("/proc/self/limits").ok()?)
}

fn soft_limit(limits: &str) -> Option<usize> {
    let line = limits
        .lines()
        .find_map(|line| line.strip_prefix("Max open files"))?;
    // `unlimited` is no number, and no limit.
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_is_read() {
        let limits = "Limit                     Soft Limit           Hard Limit           Units     \n\
                      Max processes             95874                95874                processes \n\
                      Max open files            1024                 524288               files     \n";
        assert_eq!(soft_limit(limits), Some(1024));
        assert_eq!(
            soft_limit("Max open files            unlimited   unlimited   files"),
            None
        );
        assert_eq!(soft_limit(""), None);
    }
}
