-- Roll-ups of readings, and the hours whose roll-ups are stale.

-- CreateTable
CREATE TABLE "rollup_minute" (
    "series_id" INTEGER NOT NULL,
    "bucket" TIMESTAMPTZ(3) NOT NULL,
    "min" DOUBLE PRECISION NOT NULL,
    "max" DOUBLE PRECISION NOT NULL,
    "sum" DOUBLE PRECISION NOT NULL,
    "count" INTEGER NOT NULL,
    "first" DOUBLE PRECISION NOT NULL,
    "last" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "rollup_minute_pkey" PRIMARY KEY ("series_id","bucket")
);

-- CreateTable
CREATE TABLE "rollup_quarter" (
    "series_id" INTEGER NOT NULL,
    "bucket" TIMESTAMPTZ(3) NOT NULL,
    "min" DOUBLE PRECISION NOT NULL,
    "max" DOUBLE PRECISION NOT NULL,
    "sum" DOUBLE PRECISION NOT NULL,
    "count" INTEGER NOT NULL,
    "first" DOUBLE PRECISION NOT NULL,
    "last" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "rollup_quarter_pkey" PRIMARY KEY ("series_id","bucket")
);

-- CreateTable
CREATE TABLE "rollup_hour" (
    "series_id" INTEGER NOT NULL,
    "bucket" TIMESTAMPTZ(3) NOT NULL,
    "min" DOUBLE PRECISION NOT NULL,
    "max" DOUBLE PRECISION NOT NULL,
    "sum" DOUBLE PRECISION NOT NULL,
    "count" INTEGER NOT NULL,
    "first" DOUBLE PRECISION NOT NULL,
    "last" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "rollup_hour_pkey" PRIMARY KEY ("series_id","bucket")
);

-- CreateTable
CREATE TABLE "rollup_day" (
    "series_id" INTEGER NOT NULL,
    "bucket" TIMESTAMPTZ(3) NOT NULL,
    "min" DOUBLE PRECISION NOT NULL,
    "max" DOUBLE PRECISION NOT NULL,
    "sum" DOUBLE PRECISION NOT NULL,
    "count" INTEGER NOT NULL,
    "first" DOUBLE PRECISION NOT NULL,
    "last" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "rollup_day_pkey" PRIMARY KEY ("series_id","bucket")
);

-- CreateTable
CREATE TABLE "rollup_dirty" (
    "series_id" INTEGER NOT NULL,
    "hour" TIMESTAMPTZ(3) NOT NULL,
    "claimed" BOOLEAN NOT NULL,

    CONSTRAINT "rollup_dirty_pkey" PRIMARY KEY ("series_id","hour","claimed")
);

-- CreateIndex
CREATE INDEX "rollup_dirty_claimed_hour_idx" ON "rollup_dirty"("claimed", "hour");

-- Whoever changes readings, with whatever statement, leaves a mark in the same transaction. A claimed mark does not
-- stand for a later change, so that one gets a mark of its own. Moving readings elsewhere is no change of them: who does
-- that says so by `set local hearth.keep_rollups = 'on'`.
CREATE FUNCTION "mark_rollups_dirty"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('hearth.keep_rollups', true) = 'on' THEN
    RETURN NULL;
  END IF;
  INSERT INTO rollup_dirty (series_id, hour, claimed)
  SELECT DISTINCT series_id, date_bin('1 hour', ts, '1970-01-01T00:00:00Z'), false
  FROM changed
  ORDER BY 1, 2
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;

CREATE TRIGGER "reading_inserted" AFTER INSERT ON "reading"
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION "mark_rollups_dirty"();
CREATE TRIGGER "reading_updated" AFTER UPDATE ON "reading"
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION "mark_rollups_dirty"();
CREATE TRIGGER "reading_deleted" AFTER DELETE ON "reading"
  REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION "mark_rollups_dirty"();

-- What is there already is rolled up in the background.
INSERT INTO "rollup_dirty" ("series_id", "hour", "claimed")
SELECT DISTINCT "series_id", date_bin('1 hour', "ts", '1970-01-01T00:00:00Z'), false FROM "reading";
