package io.smc4j.benchmarks.perf.report;

import io.smc4j.benchmarks.perf.plan.PeerName;
import io.smc4j.benchmarks.perf.result.Numbers;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.CategorySeries;
import org.knowm.xchart.CategorySeries.CategorySeriesRenderStyle;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** What plots look like: a peer has the same colour and marker in all of them, smc4j's are strong lines, the others thinner ones. */
final class Look {
    private static final int WIDTH = 1100;
    private static final int HEIGHT = 640;
    private static final float STRONG = 3.2f;
    private static final float THIN = 1.6f;
    private static final Color GRID = new Color(0xDDDDDD);

    private Look() {}

    static CategoryChart chart(String title, String xTitle, String yTitle, boolean logarithmic) {
        CategoryChart chart = new CategoryChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .xAxisTitle(xTitle)
                .yAxisTitle(yTitle)
                .build();
        chart.getStyler().setDefaultSeriesRenderStyle(CategorySeriesRenderStyle.Line);
        chart.getStyler().setOverlapped(true); // all peers' points of a label stand above it
        chart.getStyler().setYAxisLogarithmic(logarithmic);
        chart.getStyler().setYAxisLogarithmicDecadeOnly(false);
        if (!logarithmic) {
            chart.getStyler().setYAxisMin(0.0);
        }
        chart.getStyler().setYAxisTickLabelsFormattingFunction(logarithmic ? Plots::tick : Numbers::significant);
        chart.getStyler().setPlotGridLinesColor(GRID);
        chart.getStyler().setChartBackgroundColor(Color.WHITE);
        chart.getStyler().setPlotBorderVisible(false);
        chart.getStyler().setLegendPosition(LegendPosition.OutsideE);
        chart.getStyler().setLegendBorderColor(Color.WHITE);
        chart.getStyler().setLegendFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13));
        chart.getStyler().setAxisTickLabelsFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
        chart.getStyler().setMarkerSize(8);
        return chart;
    }

    static void add(CategoryChart chart, PeerName peer, List<String> labels, List<@Nullable Double> values) {
        CategorySeries series = chart.addSeries(peer.label(), labels, values);
        series.setLineColor(color(peer));
        series.setMarkerColor(color(peer));
        series.setMarker(marker(peer));
        float width = peer.isSmc4j() ? STRONG : THIN;
        series.setLineStyle(
                peer == PeerName.RING
                        ? new BasicStroke(THIN, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, new float[] {6, 4}, 0)
                        : new BasicStroke(width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    }

    /** Similar peers have the same marker. */
    private static Marker marker(PeerName peer) {
        return switch (peer) {
            case RING -> SeriesMarkers.CROSS;
            case SMC_D, SMC_D_IN_PLACE, SMC_D_STREAMS, SMC_D_PARK, SMC_D_SPIN, SMC_D_TICKLESS -> SeriesMarkers.CIRCLE;
            case SMC_R, SMC_R_STREAMS -> SeriesMarkers.SQUARE;
            case TCP, TCP_SELECTOR, UDS -> SeriesMarkers.DIAMOND;
            case NETTY_NIO, NETTY_EPOLL, PEKKO_TCP -> SeriesMarkers.TRIANGLE_UP;
            case AERON, AERON_BACKOFF -> SeriesMarkers.TRIANGLE_DOWN;
        };
    }

    private static Color color(PeerName peer) {
        return new Color(
                switch (peer) {
                    case RING -> 0x555555;
                    case SMC_D -> 0x0B5FA5;
                    case SMC_D_IN_PLACE -> 0x0A2F6B;
                    case SMC_R -> 0x1B8A3A;
                    case SMC_D_STREAMS -> 0x3FA7F0;
                    case SMC_R_STREAMS -> 0x7CC98B;
                    case SMC_D_PARK -> 0x7A4FBF;
                    case SMC_D_SPIN -> 0x1FC0C8;
                    case SMC_D_TICKLESS -> 0x8FB3D9;
                    case TCP -> 0xD62728;
                    case TCP_SELECTOR -> 0xF08A8A;
                    case UDS -> 0xE07B00;
                    case NETTY_NIO -> 0xB8860B;
                    case NETTY_EPOLL -> 0xE3B505;
                    case PEKKO_TCP -> 0xC2559D;
                    case AERON -> 0x6B4226;
                    case AERON_BACKOFF -> 0xB59A85;
                });
    }
}
