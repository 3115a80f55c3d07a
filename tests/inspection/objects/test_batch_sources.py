"""Files of a batch that lie in a bucket that is none of ours."""

import obstore
import pytest
from obstore.store import S3Store

from inspection.batch.sources import brought, given_in
from inspection.errors import RefusedError, UnfinishedError
from inspection.settings import Settings
from tests.inspection.objects.conftest import KEY


def test_a_file_in_a_bucket_is_brought_and_a_missing_one_is_told(s3_server, bucket, tmp_path):
    there = S3Store(
        bucket,
        endpoint=s3_server,
        region="us-east-1",
        access_key_id=KEY["key_id"],
        secret_access_key=KEY["secret"],
        client_options={"allow_http": True},
    )
    content = bytes(range(256)) * 40_000  # more than one piece
    obstore.put(there, "2026/sungai é.tif", content)
    asked = f"?endpoint={s3_server}&region=us-east-1"
    settings = Settings(data=tmp_path, objects_key_id=KEY["key_id"], objects_secret=KEY["secret"])

    def bring(address, settings=settings):
        given = given_in(address, beside=tmp_path, column="current", objects=None)
        return brought(given, tmp_path / "inputs", objects=None, settings=settings)

    path = bring(f"s3://{bucket}/2026/sungai%20é.tif{asked}")
    assert path.name == "sungai é.tif"
    assert path.read_bytes() == content
    # Without a server in the address, that of the installation's own store counts.
    own = settings.model_copy(update={"objects": f"s3://other/x{asked}"})
    assert bring(f"s3://{bucket}/2026/sungai é.tif", own).read_bytes() == content
    with pytest.raises(RefusedError) as missing:
        bring(f"s3://{bucket}/2026/absent.tif{asked}")
    assert (missing.value.code, missing.value.file) == ("batch_source_absent", "absent.tif")
    with pytest.raises(RefusedError) as odd:
        bring(f"s3://{bucket}/a.tif?endpoint=ftp://x")
    assert odd.value.code == "batch_source_unknown"
    with pytest.raises((RefusedError, UnfinishedError)):
        bring(f"s3://{bucket}-absent/a.tif{asked}")
