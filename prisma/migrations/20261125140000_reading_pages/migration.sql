-- Old readings, a row for a series and a day.

-- CreateTable
CREATE TABLE "reading_page" (
    "series_id" INTEGER NOT NULL,
    "day" TIMESTAMPTZ(3) NOT NULL,
    "count" INTEGER NOT NULL,
    "newest_at" TIMESTAMPTZ(3) NOT NULL,
    "newest" DOUBLE PRECISION NOT NULL,
    "readings" BYTEA NOT NULL,
    "minutes" BYTEA,

    CONSTRAINT "reading_page_pkey" PRIMARY KEY ("series_id","day")
);

-- CreateIndex
CREATE INDEX "reading_page_day_idx" ON "reading_page"("day");

-- They are as small as they get, and most fit into a row.
ALTER TABLE "reading_page" ALTER COLUMN "readings" SET STORAGE EXTERNAL;
ALTER TABLE "reading_page" ALTER COLUMN "minutes" SET STORAGE EXTERNAL;
ALTER TABLE "reading_page" SET (toast_tuple_target = 8160);
