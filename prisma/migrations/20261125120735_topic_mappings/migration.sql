-- CreateTable
CREATE TABLE "topic_mapping" (
    "id" UUID NOT NULL,
    "home_id" UUID NOT NULL,
    "filter" TEXT NOT NULL,
    "shape" TEXT NOT NULL,
    "device" TEXT NOT NULL,
    "create_kind" TEXT,
    "metrics" JSONB NOT NULL,
    "ts_path" TEXT,
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "topic_mapping_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "topic_mapping_home_id_shape_key" ON "topic_mapping"("home_id", "shape");

-- AddForeignKey
ALTER TABLE "topic_mapping" ADD CONSTRAINT "topic_mapping_home_id_fkey" FOREIGN KEY ("home_id") REFERENCES "home"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AlterTable
ALTER TABLE "discovered_topic" ADD COLUMN     "activity" DOUBLE PRECISION NOT NULL DEFAULT 0;

-- CreateTable
CREATE TABLE "discovered_message" (
    "home_id" UUID NOT NULL,
    "topic" TEXT NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "principal_id" TEXT NOT NULL,
    "payload" BYTEA NOT NULL,

    CONSTRAINT "discovered_message_pkey" PRIMARY KEY ("home_id","topic","received_at")
);

-- CreateIndex
CREATE INDEX "discovered_message_received_at_idx" ON "discovered_message"("received_at");

-- AddForeignKey
ALTER TABLE "discovered_message" ADD CONSTRAINT "discovered_message_home_id_topic_fkey" FOREIGN KEY ("home_id", "topic") REFERENCES "discovered_topic"("home_id", "topic") ON DELETE CASCADE ON UPDATE CASCADE;
