// Statements and tags put together: one row for each statement, and what is missing in it.

/** The rows of a specification; 3.1.1 is given the rows of 5.0 that its statements are as. */
export function makeRows({ statements }, { code, tests, broken }, fiveRows = []) {
  const byId = new Map(fiveRows.map((row) => [row.id, row]));
  return statements.map((statement) => {
    const twins = (statement.as ?? []).map((id) => byId.get(id)).filter((row) => row !== undefined);
    const inherited = (field) =>
      statement[field] ?? twins.find((row) => row[field] !== undefined)?.[field];
    const files = (own, field) => [
      ...new Set([...(own.get(statement.tag) ?? []), ...twins.flatMap((row) => row[field])]),
    ];
    return {
      ...statement,
      twins,
      code: files(code, 'code'),
      tests: files(tests, 'tests'),
      isBroken: broken.has(statement.tag) || twins.some((row) => row.isBroken),
      remark: inherited('remark'),
      noCode: inherited('noCode'),
      noTest: inherited('noTest'),
      open: inherited('open'),
      own: statement,
    };
  });
}

/** What is missing in a row, or no longer true of it. */
export function rowErrors(row) {
  const { tag, binds, code, tests, remark, noCode, noTest, open, own } = row;
  const errors = [];
  const bindsServer = binds !== 'client';
  if (bindsServer && code.length === 0 && noCode === undefined && open === undefined) {
    errors.push(`${tag} has no tagged line, and no noCode that says why`);
  }
  if (tests.length === 0 && noTest === undefined && open === undefined) {
    errors.push(`${tag} has no tagged test, and no noTest that says why`);
  }
  if (!bindsServer && remark === undefined && open === undefined) {
    errors.push(`${tag} binds clients: its remark must say what becomes of one that breaks it`);
  }
  if (row.isBroken && remark === undefined) errors.push(`${tag} is broken without a remark`);
  if (own.noCode !== undefined && code.length > 0) errors.push(`${tag} has code now: noCode goes`);
  if (own.noTest !== undefined && tests.length > 0)
    errors.push(`${tag} has a test now: noTest goes`);
  return errors;
}

/** Tags that no specification has. */
export function unknownTags({ code, tests }, specifications) {
  const known = new Set(
    specifications.flatMap(({ statements }) => statements.map(({ tag }) => tag)),
  );
  const errors = [];
  for (const [tag, files] of [...code, ...tests]) {
    if (!known.has(tag)) errors.push(`${[...files].join(', ')}: there is no statement ${tag}`);
  }
  return errors;
}
