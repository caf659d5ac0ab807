import type { Login } from './frames.js';

/** Who the load generator is at our broker. */
export const HEARTH_LOGIN: Login = { username: 'bench', password: 'bench-secret' };
