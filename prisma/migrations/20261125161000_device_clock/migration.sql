-- When the times that a device gave its readings differed from those of arrival.

-- CreateTable
CREATE TABLE "device_clock" (
    "device_id" TEXT NOT NULL,
    "from_at" TIMESTAMPTZ(3) NOT NULL,
    "to_at" TIMESTAMPTZ(3) NOT NULL,
    "from_ts" TIMESTAMPTZ(3) NOT NULL,
    "to_ts" TIMESTAMPTZ(3) NOT NULL,
    "messages" INTEGER NOT NULL,

    CONSTRAINT "device_clock_pkey" PRIMARY KEY ("device_id","from_at")
);

-- AddForeignKey
ALTER TABLE "device_clock" ADD CONSTRAINT "device_clock_device_id_fkey" FOREIGN KEY ("device_id") REFERENCES "device"("id") ON DELETE CASCADE ON UPDATE CASCADE;
