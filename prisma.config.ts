import { defineConfig } from 'prisma/config';

// For `npx prisma`, where its engine binary can be had. Hearth itself migrates in process, see libs/db.
export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  datasource: { url: process.env['DATABASE_URL'] ?? '' },
});
