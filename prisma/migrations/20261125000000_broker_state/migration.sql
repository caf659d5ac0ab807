-- What the broker keeps: sessions that outlive their connection, what waits for them, retained messages.

-- CreateTable
CREATE TABLE "broker_session" (
    "client_id" TEXT NOT NULL,
    "principal_id" TEXT NOT NULL,
    "expiry_seconds" DOUBLE PRECISION NOT NULL,
    "disconnected_at" TIMESTAMPTZ(3),
    "will_topic" TEXT,
    "will_payload" BYTEA,
    "will_qos" SMALLINT,
    "will_retain" BOOLEAN,
    "will_properties" JSON,
    "will_delay_seconds" DOUBLE PRECISION,

    CONSTRAINT "broker_session_pkey" PRIMARY KEY ("client_id","principal_id")
);

-- CreateTable
CREATE TABLE "broker_subscription" (
    "client_id" TEXT NOT NULL,
    "principal_id" TEXT NOT NULL,
    "filter" TEXT NOT NULL,
    "qos" SMALLINT NOT NULL,
    "no_local" BOOLEAN NOT NULL,
    "retain_as_published" BOOLEAN NOT NULL,
    "identifier" INTEGER NOT NULL,

    CONSTRAINT "broker_subscription_pkey" PRIMARY KEY ("client_id","principal_id","filter")
);

-- CreateTable
CREATE TABLE "broker_message" (
    "id" BIGINT NOT NULL,
    "topic" TEXT NOT NULL,
    "payload" BYTEA NOT NULL,
    "qos" SMALLINT NOT NULL,
    "retain" BOOLEAN NOT NULL,
    "properties" JSON,
    "received_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "broker_message_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "broker_delivery" (
    "id" BIGINT NOT NULL,
    "client_id" TEXT NOT NULL,
    "principal_id" TEXT NOT NULL,
    "message_id" BIGINT NOT NULL,
    "qos" SMALLINT NOT NULL,
    "retain" BOOLEAN NOT NULL,
    "subscription_identifiers" INTEGER[],
    "share" TEXT,
    "step" TEXT NOT NULL,
    "packet_id" INTEGER NOT NULL,

    CONSTRAINT "broker_delivery_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "broker_incoming" (
    "client_id" TEXT NOT NULL,
    "principal_id" TEXT NOT NULL,
    "packet_id" INTEGER NOT NULL,

    CONSTRAINT "broker_incoming_pkey" PRIMARY KEY ("client_id","principal_id","packet_id")
);

-- CreateTable
CREATE TABLE "broker_retained" (
    "topic" TEXT NOT NULL,
    "payload" BYTEA NOT NULL,
    "qos" SMALLINT NOT NULL,
    "properties" JSON,
    "stored_at" TIMESTAMPTZ(3) NOT NULL,
    "publisher_client_id" TEXT,
    "publisher_principal_id" TEXT,

    CONSTRAINT "broker_retained_pkey" PRIMARY KEY ("topic")
);

-- CreateIndex
CREATE INDEX "broker_delivery_client_id_principal_id_idx" ON "broker_delivery"("client_id", "principal_id");
