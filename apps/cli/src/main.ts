// The `hearth` command.
import { Command } from 'commander';
import { start } from './start/start.js';
import { simulate } from './simulate.js';

/** Runs the command line; problems are told in one paragraph, with exit code 1. */
export async function main(argv: readonly string[]): Promise<void> {
  const program = new Command('hearth')
    .description('Home monitoring over MQTT: an acknowledged reading is a stored reading.')
    .showHelpAfterError();

  program
    .command('start')
    .description('start the database, the api with the MQTT broker, and the dashboard')
    .addHelpText('after', environmentHelp)
    .action(() => start(process.env));

  program
    .command('simulate')
    .description('run a simulated home against a running Hearth, or replay recorded data')
    .allowUnknownOption()
    .helpOption(false)
    .argument('[options...]', 'options of the simulator; see hearth simulate --help')
    .action((options: string[]) => simulate(options, process.env));

  try {
    await program.parseAsync(argv);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}

const environmentHelp = `
Environment variables:
  HEARTH_DATA_DIR   folder for everything that is stored (./data)
  DATABASE_URL      a Postgres 15 or newer to use instead of the embedded one
  HEARTH_PORT       port of the dashboard (3000)
  HEARTH_API_PORT   port of the api, on this machine only (3001)
  HEARTH_MQTT_PORT  port of the MQTT broker (1883)
All of them, with every default: docs/configuration.md`;
