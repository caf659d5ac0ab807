import { missingTool, needsTool, type TestGlobals } from './needs-tool.js';

function recordingGlobals(): { globals: TestGlobals; declared: Map<string, () => unknown> } {
  const declared = new Map<string, () => unknown>();
  const declare = (kind: string) => (name: string, run: () => unknown) =>
    void declared.set(`${kind} ${name}`, run);
  const it = Object.assign(declare('it'), { skip: declare('skip') });
  return { globals: { it, describe: (_name, body) => body() }, declared };
}

describe('needsTool', () => {
  it('tells one story in path and isInstalled', () => {
    const python = needsTool('python3');
    const found = python.isInstalled ? python.path.startsWith('/') : false;
    expect(found).toBe(python.isInstalled);
  });

  it('skips with the name of the tool where it is missing', () => {
    const { globals, declared } = recordingGlobals();
    missingTool('needs g++', false, globals).it('compiles', () => {});
    expect([...declared.keys()]).toEqual(['skip compiles [skipped: needs g++]']);
  });

  it('fails in CI where the tool is missing, also as a group', () => {
    const { globals, declared } = recordingGlobals();
    const tool = missingTool('needs g++', true, globals);
    tool.it('compiles', () => {});
    tool.describe('firmware', () => {});
    expect([...declared.keys()]).toEqual(['it compiles', 'it runs']);
    for (const run of declared.values()) expect(run).toThrow('needs g++');
    expect(() => tool.path).toThrow('needs g++');
  });
});
