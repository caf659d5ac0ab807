import { z } from 'zod';
import { deviceKindSchema } from '../device-kinds.js';
import { deviceIdSchema } from '../ids.js';

/** A device that a simulator or a replay wants to be. `id` is stable: asking twice gives the same device a new secret. */
export const simulatedDeviceSchema = z.strictObject({
  id: deviceIdSchema,
  name: z.string().trim().min(1).max(80),
  kind: deviceKindSchema,
  room: z.string().trim().min(1).max(80).nullable(),
});
export type SimulatedDevice = z.input<typeof simulatedDeviceSchema>;

/** `POST /api/simulator/devices`: registers what is missing and gives every device fresh credentials. */
export const provisionRequestSchema = z.strictObject({
  devices: z.array(simulatedDeviceSchema).min(1).max(5_000),
});
export type ProvisionRequest = z.input<typeof provisionRequestSchema>;

export const provisionResponseSchema = z.object({
  brokerUrl: z.string(),
  credentials: z.array(z.object({ id: deviceIdSchema, secret: z.string() })),
});
export type ProvisionResponse = z.infer<typeof provisionResponseSchema>;

/** `GET /api/simulator`. `running` is about the simulator that the dashboard started. */
export const simulatorStatusSchema = z.object({
  running: z.boolean(),
  startedAt: z.iso.datetime().nullable(),
  /** Why the last run ended on its own, in words. */
  error: z.string().nullable(),
  devices: z.array(z.object({ id: deviceIdSchema, name: z.string(), online: z.boolean() })),
});
export type SimulatorStatus = z.infer<typeof simulatorStatusSchema>;

/** `POST /api/simulator/faults`: goes as a command to the house controller. */
export const faultRequestSchema = z.strictObject({
  deviceId: deviceIdSchema,
  fault: z.enum(['power-cut', 'power-restore']),
  /** How long the power stays away; without it, until restored. */
  seconds: z.number().min(1).max(86_400).optional(),
});
export type FaultRequest = z.input<typeof faultRequestSchema>;

/** Id of the device that steers a simulated house and takes the fault commands. */
export const SIMULATION_CONTROLLER_ID = 'simulated-house';
