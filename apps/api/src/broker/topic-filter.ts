// Topic filters as rights: which topic names a filter allows, and which filters lie inside it.
// Filters are compared level by level as data; an id is never spliced into a pattern.

/** True when topic name `topic` matches `filter` (MQTT 5.0 section 4.7, `$` rule included). */
export function filterMatches(filter: string, topic: string): boolean {
  const allowed = filter.split('/');
  const levels = topic.split('/');
  if (isHiddenFrom(allowed[0], levels[0])) return false;
  for (const [index, level] of allowed.entries()) {
    if (level === '#') return true;
    if (index >= levels.length) return false;
    if (level !== '+' && level !== levels[index]) return false;
  }
  return allowed.length === levels.length;
}

/**
 * True when every topic name that `requested` can match also matches `allowed`. Both must be valid
 * filters without `$share`.
 */
export function filterCovers(allowed: string, requested: string): boolean {
  const outer = allowed.split('/');
  // `#` alone wants at least one level like every topic name, so it says the same as `+/#`.
  const inner = requested === '#' ? ['+', '#'] : requested.split('/');
  if (isHiddenFrom(outer[0], inner[0])) return false;
  for (const [index, level] of outer.entries()) {
    // `#` takes its parent and everything below it, so whatever is left of `requested` fits.
    if (level === '#') return true;
    const wanted = inner[index];
    if (wanted === undefined || wanted === '#') return false;
    if (level !== '+' && level !== wanted) return false;
  }
  return outer.length === inner.length;
}

/** A wildcard in the first level never reaches topics that begin with `$` [MQTT-4.7.2-1]. */
function isHiddenFrom(filterLevel: string | undefined, topicLevel: string | undefined): boolean {
  return (filterLevel === '#' || filterLevel === '+') && topicLevel?.startsWith('$') === true;
}
