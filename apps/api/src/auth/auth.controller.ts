import { Body, Controller, Get, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Contract } from '../common/contract.js';
import { Public } from './access.js';
import { clientOf } from './client.js';
import { SessionService } from './session.service.js';
import { SignInService } from './sign-in.service.js';

const userSchema = z.object({ id: z.string(), name: z.string(), email: z.string() });

const signInSchema = z.strictObject({
  email: z.email().max(254),
  password: z.string().min(1).max(128),
});

const signedInSchema = z.object({ user: userSchema });

const sessionSchema = z
  .object({ user: userSchema, session: z.object({ expiresAt: z.iso.datetime() }) })
  .nullable();

/** Paths as better-auth's client calls them. */
@Controller('auth')
@Public()
export class AuthController {
  readonly #signIns: SignInService;
  readonly #sessions: SessionService;

  constructor(signIns: SignInService, sessions: SessionService) {
    this.#signIns = signIns;
    this.#sessions = sessions;
  }

  @Post('sign-in/email')
  @Contract({
    summary: 'Sign in: sets the session cookie',
    body: signInSchema,
    response: signedInSchema,
  })
  async signIn(
    @Body() { email, password }: z.output<typeof signInSchema>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { user, cookies } = await this.#signIns.signIn(email, password, clientOf(request));
    reply.header('set-cookie', [...cookies]);
    return { user };
  }

  @Post('sign-out')
  @Contract({ summary: 'Sign out: ends the session and clears the cookie' })
  async signOut(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    reply.header('set-cookie', [...(await this.#signIns.signOut(request.headers))]);
  }

  @Get('get-session')
  @Contract({ summary: 'The session of the cookie, or null', response: sessionSchema })
  async session(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    const signedIn = await this.#sessions.find(request.headers);
    if (!signedIn?.expiresAt) return null;
    if (signedIn.cookies.length > 0) reply.header('set-cookie', [...signedIn.cookies]);
    return { user: signedIn.user, session: { expiresAt: signedIn.expiresAt.toISOString() } };
  }
}
