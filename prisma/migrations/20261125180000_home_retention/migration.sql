-- How long a home keeps its history. A home without a row keeps it as by default.

-- CreateTable
CREATE TABLE "home_retention" (
    "home_id" UUID NOT NULL,
    "full_detail_days" INTEGER,
    "hourly_days" INTEGER,
    "daily_days" INTEGER,
    "state_days" INTEGER,
    "event_days" INTEGER,
    "detail_from" TIMESTAMPTZ(3),
    "hours_from" TIMESTAMPTZ(3),

    CONSTRAINT "home_retention_pkey" PRIMARY KEY ("home_id")
);

-- AddForeignKey
ALTER TABLE "home_retention" ADD CONSTRAINT "home_retention_home_id_fkey" FOREIGN KEY ("home_id") REFERENCES "home"("id") ON DELETE CASCADE ON UPDATE CASCADE;
