/**
 * What becomes of every file under ../shared/data/cap, judged from the message and the standard. Three columns of answers:
 * posted today; posted at its own time (replay time = its `sent`); and, for the malformed, posted today to a service of
 * their own. Within a column the files come in the order of their names to one service, each a second time at once.
 */
export interface Expected {
  readonly status: 202 | 400;
  readonly outcome?: 'accepted' | 'updated' | 'cancelled' | 'duplicate' | 'recorded' | 'quarantined';
  readonly lane?: 'recorded' | 'notice' | 'alert' | null;
  /** Codes of the problems, in their order; of a 400, the fields that it names. */
  readonly problems: readonly string[];
}

export interface CapFile {
  readonly today: Expected;
  /** Absent where it answers as today. */
  readonly then?: Expected;
  /** Beside what does not go without saying. */
  readonly why?: string;
}

const recorded = (...problems: string[]): Expected => ({
  status: 202,
  outcome: 'recorded',
  lane: 'recorded',
  problems,
});
const quarantined = (...problems: string[]): Expected => ({
  status: 202,
  outcome: 'quarantined',
  lane: null,
  problems,
});

export const messages: Readonly<Record<string, CapFile>> = {
  'australia_rfs_fire_prefixed_ns_2011-10-05.xml': {
    today: recorded('EVENT.UNKNOWN', 'AREA.FOREIGN', 'CAP.EXPIRED'),
    then: recorded('EVENT.UNKNOWN', 'AREA.FOREIGN'),
    why: 'Prefixed namespace. "Fire" alone may be any fire; postcodes of Australia are no division codes.',
  },
  'canada_thunderstorm_update_2lang_2012-05-02.xml': {
    today: recorded('AREA.FOREIGN', 'CAP.LIFTED'),
    why: 'Every block asks for AllClear and it refers to two earlier messages: it ends them, known or not.',
  },
  'cma_penglai_heat_update_2lang_2026-08-01.xml': {
    today: recorded('CAP.REFERENCE_TIME_IMPOSSIBLE', 'CAP.EXPIRED'),
    then: { status: 202, outcome: 'accepted', lane: 'recorded', problems: ['CAP.REFERENCE_TIME_IMPOSSIBLE'] },
    why:
      'An Update whose first message was never received, so it is the first of its shock here. It states its own time as ' +
      'that of the message it refers to, whose identifier is five days older. Heat opens no notice by policy.',
  },
  'cn_12379_national_format_example.xml': {
    today: recorded('CAP.NATIONAL_DIALECT', 'POLICY.NONE', 'CAP.EXPIRED'),
    why: 'The example expires in the second in which it is sent, and is older than the first policy record.',
  },
  'gdacs_earthquake_2025-03-01.xml': {
    today: recorded('AREA.FOREIGN', 'CAP.EXPIRY_ASSUMED'),
    why: 'Near Fiji; its outline is drawn over the antimeridian.',
  },
  'iceland_wind_2lang_2021-09-10.xml': {
    today: recorded('AREA.FOREIGN', 'CAP.EXPIRED'),
    then: recorded('AREA.FOREIGN'),
  },
  'ipaws_5e6dd9de.xml': {
    today: { status: 202, outcome: 'cancelled', lane: 'recorded', problems: ['CAP.SIGNATURE_NOT_CHECKED'] },
    why: 'A Cancel without an info block names no area: kept for an alert that may still come, and told to nobody.',
  },
  'israel_flood_2lang_geocode_2025-03-06.xml': {
    today: recorded('AREA.FOREIGN', 'CAP.EXPIRED'),
    then: recorded('AREA.FOREIGN'),
    why: 'No shape, but all its codes are of a European scheme (EMMA_ID).',
  },
  'macao_monsoon_update_3lang_2025-04-13.xml': {
    today: quarantined('AREA.POLYGON_WITHOUT_BOUNDARIES', 'CAP.EXPIRY_ASSUMED'),
    why:
      'In China, drawn only, and no boundary of Macao is loaded. It asks for AllClear but refers to nothing but itself, so ' +
      'there is nothing that it could end.',
  },
  'mexico_cyclone_update_es_2018-10-20.xml': {
    today: recorded('AREA.FOREIGN', 'CAP.EXPIRED'),
    then: recorded('AREA.FOREIGN'),
  },
  'nws_special_weather_18polygons_2025-02-28.xml': {
    today: recorded('EVENT.UNKNOWN', 'AREA.FOREIGN', 'CAP.EXPIRED'),
    then: recorded('EVENT.UNKNOWN', 'AREA.FOREIGN'),
    why: 'The longest of its outlines has 6,842 points.',
  },
  'nws_wakefield.xml': {
    today: recorded('CAP.OLD_VERSION', 'AREA.FOREIGN', 'CAP.EXPIRED'),
    then: recorded('CAP.OLD_VERSION', 'AREA.FOREIGN'),
  },
  'nws_wind_advisory_2014-05-10.xml': {
    today: recorded('CAP.OLD_VERSION', 'AREA.FOREIGN', 'CAP.EXPIRED'),
    then: recorded('CAP.OLD_VERSION', 'AREA.FOREIGN'),
  },
  'oasis_cap10_A3_earthquake.xml': {
    today: recorded('CAP.OLD_VERSION', 'AREA.FOREIGN', 'CAP.EXPIRY_ASSUMED'),
    why: 'A circle of radius 0 in California is the point itself.',
  },
  'oasis_cap11_A3_earthquake.xml': {
    today: {
      status: 202,
      outcome: 'duplicate',
      lane: 'recorded',
      problems: ['CAP.OLD_VERSION', 'AREA.FOREIGN', 'CAP.EXPIRY_ASSUMED', 'MESSAGE.SAME_ID_OTHER_CONTENT'],
    },
    why:
      'Sender, identifier and sent time are those of the CAP 1.0 file before it: one message, said again in another version. ' +
      'What differs (certainty, wording of codes) is noted; the first one counts. Posted alone it is recorded.',
  },
  'oasis_cap12_A1_homeland_security.xml': {
    today: quarantined('EVENT.UNKNOWN', 'AREA.NONE', 'CAP.EXPIRY_ASSUMED'),
    why: 'Its area is words only ("U.S. nationwide"); there is nothing to tell that it lies abroad.',
  },
  'oasis_cap12_A3_earthquake.xml': {
    today: recorded('AREA.FOREIGN', 'CAP.EXPIRY_ASSUMED', 'CAP.REFERENCE_TIME_DIFFERS'),
    why: 'Refers to the two before it with another time than theirs.',
  },
  'russia_wind_6polygons_2025-03-01.xml': {
    today: recorded('EVENT.UNKNOWN', 'AREA.FOREIGN', 'CAP.EXPIRED'),
    then: recorded('EVENT.UNKNOWN', 'AREA.FOREIGN'),
    why: 'The event is named in Russian alone.',
  },
  'swiss_rockfall_2025-05-20.xml': {
    today: recorded('AREA.FOREIGN', 'CAP.EXPIRY_ASSUMED', 'CAP.SELF_REFERENCE'),
    why: 'Lacks certainty, which nothing here rests on; refers to itself.',
  },
  'swiss_status_test_2025-06-21.xml': {
    today: recorded('CAP.NOT_ACTUAL', 'EVENT.UNKNOWN', 'AREA.NONE', 'CAP.EXPIRY_ASSUMED', 'CAP.SELF_REFERENCE'),
    why: 'A test is recorded, whether or not it could be placed.',
  },
  'taiwan_reservoir_release_zh_2014-05-14.xml': {
    today: recorded('EVENT.UNKNOWN', 'AREA.UNKNOWN_CODE', 'AREA.NO_KNOWN_CODE', 'CAP.EXPIRED'),
    then: quarantined('EVENT.UNKNOWN', 'AREA.UNKNOWN_CODE', 'AREA.NO_KNOWN_CODE'),
    why: 'A code of a scheme that is neither foreign nor in the division lists: somebody has to look while it is in force.',
  },
  'usgs_earthquake_2010-08-31.xml': {
    today: recorded('CAP.OLD_VERSION', 'AREA.FOREIGN', 'CAP.EXPIRED'),
    then: recorded('CAP.OLD_VERSION', 'AREA.FOREIGN'),
  },
};

export const malformed: Readonly<Record<string, CapFile>> = {
  'canada_truncated_fields.xml': {
    today: recorded('AREA.FOREIGN', 'CAP.EXPIRED', 'CAP.NO_REFERENCE'),
    why: 'An empty element references is wrong in an Update, but nothing that is needed is missing.',
  },
  'missing_required_elements.xml': {
    today: { status: 400, problems: ['alert.scope'] },
    why: 'CAP 1.2 §3.2.1 requires scope.',
  },
  'usgs_iso8859-1_encoding.xml': {
    today: recorded('CAP.SIGNATURE_NOT_CHECKED', 'AREA.FOREIGN', 'CAP.EXPIRED'),
    why: 'Latin-1, and it says so: well-formed XML.',
  },
  'usgs_no_info_block.xml': {
    today: quarantined('CAP.OLD_VERSION', 'AREA.NONE'),
    why: 'CAP 1.1 §3.2 asks for no info block, so it can be read; without one nobody knows what it warns of, or whom.',
  },
};
