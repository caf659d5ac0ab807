-- What a page is a page of: rows are dropped only where this is the digest of just these rows.

-- AlterTable
ALTER TABLE "reading_page" ADD COLUMN "digest" BYTEA;

-- Minutes and quarters go in the commit in which their day becomes a page. Those that a crash between the two left behind.
DELETE FROM "rollup_minute" AS "fine" WHERE EXISTS (
  SELECT FROM "reading_page" AS "page"
  WHERE "page"."series_id" = "fine"."series_id" AND "page"."day" = date_bin('1 day', "fine"."bucket", '1970-01-01T00:00:00Z'));
DELETE FROM "rollup_quarter" AS "fine" WHERE EXISTS (
  SELECT FROM "reading_page" AS "page"
  WHERE "page"."series_id" = "fine"."series_id" AND "page"."day" = date_bin('1 day', "fine"."bucket", '1970-01-01T00:00:00Z'));
