"""Our own words for what a permit says: its keys, its values, and the steps it goes through."""

from enum import StrEnum


class Key(StrEnum):
    """What tells one thing from another, the surest first."""

    LICENCE_ID = "licence_id"
    """The licensing system's own identifier of one permit."""

    APPLICATION_ID = "application_id"
    """An office's internal identifier of one application."""

    APPLICATION_NUMBER = "application_number"
    PERMIT_NUMBER = "permit_number"
    """Number of the decree; one decree may grant several areas."""

    AREA_CODE = "area_code"
    """Code of one mining area."""

    PROJECT_ID = "project_id"
    BUSINESS_ID = "business_id"
    """Number under which a business is registered; it may hold many permits."""


class Field(StrEnum):
    """Values of a permit that are taken over; a mapping says what others call them."""

    ACTIVITY = "activity"
    ACTIVITY_CODE = "activity_code"
    APPLICATION_KIND = "application_kind"
    APPLIED_ON = "applied_on"
    AUTHORITY = "authority"
    AUTHORITY_LEVEL = "authority_level"
    BUSINESS_REGISTERED_ON = "business_registered_on"
    BUSINESS_STATUS = "business_status"
    COMMODITY = "commodity"
    COMMODITY_CODE = "commodity_code"
    COMMODITY_GROUP = "commodity_group"
    COMPLETED_ON = "completed_on"
    DECLARED_AREA_HA = "declared_area_ha"
    DISTRICT = "district"
    DOCUMENT_KIND = "document_kind"
    HOLDER_KIND = "holder_kind"
    HOLDER_NAME = "holder_name"
    ISSUED_ON = "issued_on"
    LAND_AREA_M2 = "land_area_m2"
    LATITUDE = "latitude"
    LOCATION = "location"
    LONGITUDE = "longitude"
    PERMIT_NAME = "permit_name"
    PERMIT_TYPE = "permit_type"
    POSITIONS = "positions"
    PROJECT_NAME = "project_name"
    PROVINCE = "province"
    RECOMMENDATION_NUMBER = "recommendation_number"
    RECOMMENDED_ON = "recommended_on"
    REGENCY = "regency"
    REGION_CODE = "region_code"
    REMARK = "remark"
    RISK = "risk"
    SCALE = "scale"
    SECTOR = "sector"
    STAGE = "stage"
    STATUS = "status"
    VALID_FROM = "valid_from"
    VALID_UNTIL = "valid_until"
    VILLAGE = "village"


class State(StrEnum):
    """How far a step of the procedure is."""

    WAITING = "waiting"
    ACTIVE = "active"
    DONE = "done"


class Meaning(StrEnum):
    """What a step means for an application and its clock; a mapping says which steps mean it."""

    REGISTERED = "registered"
    INCOMPLETE = "incomplete"
    COMPLETE = "complete"
    FIELD_INSPECTION = "field_inspection"
    CLOCK_STOPS = "clock_stops"
    CLOCK_RESUMES = "clock_resumes"
    CLOCK_STOPS_AND_RESETS = "clock_stops_and_resets"
    CLOCK_RESTARTS = "clock_restarts"
    VERIFIED = "verified"
    APPROVED = "approved"
    DEEMED_APPROVED = "deemed_approved"
    ISSUED = "issued"
    ISSUED_PROVISIONALLY = "issued_provisionally"
    WARNED = "warned"
    SUSPENDED = "suspended"
    REJECTED = "rejected"
