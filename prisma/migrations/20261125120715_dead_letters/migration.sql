-- AlterTable
ALTER TABLE "dead_letter" ADD COLUMN     "home_id" UUID,
ADD COLUMN     "stamped_at" TIMESTAMPTZ(3);

-- Letters of before belong to the home of their device, else of the integration that sent them.
UPDATE "dead_letter" SET "home_id" = "device"."homeId" FROM "device" WHERE "device"."id" = "dead_letter"."device_id";
UPDATE "dead_letter" SET "home_id" = "integration"."homeId" FROM "integration"
  WHERE "dead_letter"."device_id" IS NULL AND "integration"."username" = "dead_letter"."principal_id";
-- Of nobody who is left: no page ever shows them.
DELETE FROM "dead_letter" WHERE "home_id" IS NULL;
ALTER TABLE "dead_letter" ALTER COLUMN "home_id" SET NOT NULL;

-- CreateIndex
CREATE INDEX "dead_letter_home_id_id_idx" ON "dead_letter"("home_id", "id");
